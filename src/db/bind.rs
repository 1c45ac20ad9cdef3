//! Values that are bound to statements. Each NULL keeps its type: PostgreSQL asks for it.
use crate::domain::enums::{
    Access, AuthMethod, Backend, Outcome, Role, RotationStatus, SecrecyLevel, SecretType, Stage, StepStatus,
    SyncStatus, VersionState,
};
use crate::kit::clock::Utc;
use sqlx::{Arguments, Database, Encode, Type};

#[derive(Clone)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Bool(bool),
    Time(Option<Utc>),
}

pub(super) fn arguments<DB>(values: Vec<Value>) -> Result<DB::Arguments, sqlx::Error>
where
    DB: Database,
    for<'t> Option<i64>: Encode<'t, DB> + Type<DB>,
    for<'t> Option<String>: Encode<'t, DB> + Type<DB>,
    for<'t> Option<Vec<u8>>: Encode<'t, DB> + Type<DB>,
    for<'t> bool: Encode<'t, DB> + Type<DB>,
    for<'t> Option<Utc>: Encode<'t, DB> + Type<DB>,
    DB::Arguments: Arguments<Database = DB>,
{
    let mut arguments = DB::Arguments::default();
    for value in values {
        match value {
            Value::Int(v) => arguments.add(v),
            Value::Text(v) => arguments.add(v),
            Value::Bytes(v) => arguments.add(v),
            Value::Bool(v) => arguments.add(v),
            Value::Time(v) => arguments.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

macro_rules! from {
    ($($type:ty => $variant:ident),+ $(,)?) => { $(
        impl From<$type> for Value { fn from(v: $type) -> Self { Self::$variant(Some(v)) } }
        impl From<Option<$type>> for Value { fn from(v: Option<$type>) -> Self { Self::$variant(v) } }
    )+ };
}
from!(i64 => Int, String => Text, Vec<u8> => Bytes, Utc => Time);

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Self::Bool(v)
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}
impl From<Option<&str>> for Value {
    fn from(v: Option<&str>) -> Self {
        Self::Text(v.map(str::to_owned))
    }
}
impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Self::Text(Some(v.clone()))
    }
}
impl From<&[u8]> for Value {
    fn from(v: &[u8]) -> Self {
        Self::Bytes(Some(v.to_vec()))
    }
}

macro_rules! spelled {
    ($($type:ty),+ $(,)?) => { $(
        impl From<$type> for Value { fn from(v: $type) -> Self { Self::from(v.as_str()) } }
    )+ };
}
spelled!(
    Access,
    AuthMethod,
    Backend,
    Outcome,
    Role,
    RotationStatus,
    SecrecyLevel,
    SecretType,
    Stage,
    StepStatus,
    SyncStatus,
    VersionState,
);
