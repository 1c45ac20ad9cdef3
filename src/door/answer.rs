//! A handler whose type is forgotten. The router and its layers are compiled anew for each type of handler that they hold: of two
//! hundred, that was half of all that the compiler had to do.
use crate::app::Shared;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use std::pin::Pin;
use std::sync::Arc;

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What answers at an address: an async function, whose future axum boxes already, so that nothing is boxed twice.
pub trait Answers<T>: Handler<T, Shared, Future = Answering> {}

impl<T, H: Handler<T, Shared, Future = Answering>> Answers<T> for H {}

#[derive(Clone)]
pub struct Answer(Arc<dyn Fn(Request, Shared) -> Answering + Send + Sync>);

impl Answer {
    pub fn by<T>(handler: impl Answers<T>) -> Self {
        Self(Arc::new(move |request, app| handler.clone().call(request, app)))
    }
}

impl Handler<(), Shared> for Answer {
    type Future = Answering;

    fn call(self, request: Request, app: Shared) -> Answering {
        (self.0)(request, app)
    }
}
