//! The call of samael for a signed message of logout, under the same cap as sign-ins.
use super::super::verify::PATIENCE;
use super::super::{Fault, IdentityProvider, Verifier, refuse};
use super::{Logout, LogoutExpected, LogoutMessage};
use std::sync::Arc;

impl Verifier {
    /// What the provider says, when every check holds. Whether it says so for the second time is the caller's to know.
    pub async fn verify_logout(
        &self,
        message: LogoutMessage,
        provider: Arc<IdentityProvider>,
        expected: LogoutExpected,
    ) -> Result<Logout, Fault> {
        let slot = tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        let Ok(Ok(slot)) = slot else { return refuse("too many messages are being checked at this moment") };
        let work = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, not of the waiting.
            let _slot = slot;
            message.verify(&provider, &expected)
        });
        // A panic in there (samael has some) ends this message and nothing else.
        work.await.unwrap_or_else(|_| refuse("the message broke the parser"))
    }
}
