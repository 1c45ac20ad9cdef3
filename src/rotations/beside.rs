//! What whoever asks for a rotation stores in the same unit as the rotation itself. So it is never stored without it, and the
//! rotation never without what tells of it, wherever a process ends.
use crate::db::Tx;
use crate::domain::error::Result;

pub trait Beside: Sync {
    /// An error stores nothing at all. The caller holds the secret.
    fn store(&self, tx: &mut Tx, rotation: i64) -> impl Future<Output = Result<()>> + Send;
}

/// Nothing.
impl Beside for () {
    async fn store(&self, _: &mut Tx, _: i64) -> Result<()> {
        Ok(())
    }
}
