//! One line of the table: an address with all that is said of it.
use super::filter::Filter;
use super::going::Going;
use super::once::Usual;
use super::routes::Access;
use crate::app::Shared;
use crate::door::{Answer, Answers};
use axum::routing::{self, MethodRouter};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// The largest body: a value of 64 KiB with every byte escaped, and room for the rest.
const LARGEST: usize = 512 * 1024;
/// Of many secrets at once.
const LARGEST_MANY: usize = 8 * 1024 * 1024;

pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    pub most: usize,
    /// Takes `Idempotency-Key`.
    pub once: bool,
    /// It will go, and is told to.
    pub going: Option<Going>,
    pub about: About,
    pub answer: MethodRouter<Shared>,
}

/// What the document says of a line.
#[derive(Default)]
pub struct About {
    pub summary: &'static str,
    pub description: &'static str,
    pub filters: &'static [Filter],
    pub matching: bool,
    /// It may wait for another person: then the answer is 202, with the rotation.
    pub waits: bool,
    pub takes: Option<Shape>,
    pub gives: Option<Shape>,
    /// The list comes bare, or as a table: a file, and not pages.
    pub is_file: bool,
    pub status: u16,
}

/// A schema by its name, and what it is made of.
pub struct Shape {
    pub name: String,
    pub many: bool,
    /// Where none is sent it is as good as an object without fields.
    pub is_optional: bool,
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Shape {
    fn of<T: ToSchema>(many: bool) -> Self {
        let own = T::schema();
        let is_optional =
            !many && matches!(&own, RefOr::T(Schema::Object(object)) if object.required.is_empty());
        let mut schemas = vec![(T::name().into_owned(), own)];
        T::schemas(&mut schemas);
        Self { name: T::name().into_owned(), many, is_optional, schemas }
    }
}

macro_rules! methods {
    ($($name:ident = $method:literal, $status:literal);+ $(;)?) => { $(
        pub fn $name<T>(
            access: Access,
            path: &'static str,
            summary: &'static str,
            handler: impl Answers<T>,
        ) -> Line {
            let about = About { summary, status: $status, ..About::default() };
            Line { method: $method, path, access, most: LARGEST, once: $method == "POST" && access != Access::Public, going: None, about, answer: routing::$name(Answer::by(handler)) }
        }
    )+ };
}
methods!(get = "GET", 200; post = "POST", 200; patch = "PATCH", 200; delete = "DELETE", 204);

impl Line {
    pub fn says(mut self, description: &'static str) -> Self {
        self.about.description = description;
        self
    }

    pub fn filters(mut self, filters: &'static [Filter]) -> Self {
        self.about.filters = filters;
        self
    }

    /// Takes `If-Match`.
    pub fn matching(mut self) -> Self {
        self.about.matching = true;
        self
    }

    /// May answer 202, with the rotation that waits for another person.
    pub fn waits(mut self) -> Self {
        self.about.waits = true;
        self
    }

    pub fn going(mut self, going: Going) -> Self {
        self.going = Some(going);
        self
    }

    /// Takes no `Idempotency-Key`: its answer is given each time for its own reason.
    pub fn each_time(mut self) -> Self {
        self.once = false;
        self
    }

    pub fn usual(&self) -> Option<Usual> {
        let gives = self.about.gives.as_ref().filter(|_| self.once)?;
        Usual::of(gives, self.about.status)
    }

    pub fn large(mut self) -> Self {
        self.most = LARGEST_MANY;
        self
    }

    pub fn takes<T: ToSchema>(mut self) -> Self {
        self.about.takes = Some(Shape::of::<T>(false));
        self
    }

    pub fn takes_many<T: ToSchema>(mut self) -> Self {
        self.about.takes = Some(Shape::of::<T>(true));
        self
    }

    pub fn gives<T: ToSchema>(mut self, status: u16) -> Self {
        self.about.gives = Some(Shape::of::<T>(false));
        self.about.status = status;
        self
    }

    pub fn lists<T: ToSchema>(mut self, status: u16) -> Self {
        self.about.gives = Some(Shape::of::<T>(true));
        self.about.status = status;
        self
    }

    /// All of them as one file, whatever their number.
    pub fn exports<T: ToSchema>(mut self) -> Self {
        self.about.gives = Some(Shape::of::<T>(true));
        self.about.is_file = true;
        self
    }
}
