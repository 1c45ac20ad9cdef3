//! `Utc` in three databases: TIMESTAMPTZ, DATETIME(6), and on SQLite fixed-width text.
use crate::kit::clock::Utc;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, MySql, Postgres, Sqlite, Type};
use time::{OffsetDateTime, PrimitiveDateTime};

impl Type<Sqlite> for Utc {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <String as Type<Sqlite>>::type_info()
    }

    fn compatible(ty: &<Sqlite as Database>::TypeInfo) -> bool {
        <String as Type<Sqlite>>::compatible(ty)
    }
}

impl<'q> Encode<'q, Sqlite> for Utc {
    fn encode_by_ref(
        &self,
        buffer: &mut <Sqlite as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        <String as Encode<'q, Sqlite>>::encode(self.to_string(), buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for Utc {
    fn decode(value: <Sqlite as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let text = <String as Decode<Sqlite>>::decode(value)?;
        Utc::parse(&text).ok_or_else(|| "a time that is not in the form of RFC 3339".into())
    }
}

impl Type<Postgres> for Utc {
    fn type_info() -> <Postgres as Database>::TypeInfo {
        <OffsetDateTime as Type<Postgres>>::type_info()
    }

    fn compatible(ty: &<Postgres as Database>::TypeInfo) -> bool {
        <OffsetDateTime as Type<Postgres>>::compatible(ty)
    }
}

/// Bound as DATETIME: as TIMESTAMP, which the driver would choose, a time after 2038 becomes NULL without a word.
impl Type<MySql> for Utc {
    fn type_info() -> <MySql as Database>::TypeInfo {
        <PrimitiveDateTime as Type<MySql>>::type_info()
    }

    fn compatible(ty: &<MySql as Database>::TypeInfo) -> bool {
        <OffsetDateTime as Type<MySql>>::compatible(ty)
    }
}

macro_rules! native {
    ($($db:ty),+) => { $(
        impl<'q> Encode<'q, $db> for Utc {
            fn encode_by_ref(&self, buffer: &mut <$db as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <OffsetDateTime as Encode<'q, $db>>::encode_by_ref(&self.get(), buffer)
            }
            fn size_hint(&self) -> usize { <OffsetDateTime as Encode<'q, $db>>::size_hint(&self.get()) }
        }
        impl<'r> Decode<'r, $db> for Utc {
            fn decode(value: <$db as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                <OffsetDateTime as Decode<'r, $db>>::decode(value).map(Utc::new)
            }
        }
    )+ };
}
native!(Postgres, MySql);
