//! Values that take a core a second or more are made on threads that may block, and few at once: whoever asks for a hundred
//! key pairs waits, and nobody else does.
use super::{Generated, Policy};
use crate::domain::error::{Error, Result};
use crate::kit::chance::Chance;
use tokio::sync::Semaphore;

static TURNS: Semaphore = Semaphore::const_new(2);

impl Policy {
    /// The same as `make`, for those who are waited for.
    pub async fn make_aside(self, chance: &Chance) -> Result<Generated> {
        if !self.is_slow() {
            return self.make(chance);
        }
        let turn = TURNS.acquire().await.map_err(Error::broken)?;
        let chance = chance.clone();
        // Whoever asked may go away; the work goes on, and its turn with it.
        let work = move || {
            let _turn = turn;
            self.make(&chance)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::broken)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test] // one thread: whoever keeps it busy is alone
    async fn a_slow_one_keeps_nobody_waiting() {
        let slow: Policy = "keypair:rsa3072:openssh".parse().unwrap();
        assert!(slow.is_slow());
        let chance = Chance::seeded(1);
        let making = slow.make_aside(&chance);
        tokio::pin!(making);
        let mut others = 0;
        let made = loop {
            tokio::select! {
                made = &mut making => break made.unwrap(),
                () = tokio::time::sleep(Duration::from_millis(1)) => others += 1,
            }
        };
        assert!(others > 3, "{others} others had a turn");
        assert!(made.public.unwrap().starts_with("ssh-rsa "));
        // Whoever asks and goes away has not given the turn back while the key is still being made.
        let again: Policy = "keypair:rsa4096:openssh".parse().unwrap();
        let gone = tokio::time::timeout(Duration::from_millis(1), again.make_aside(&chance)).await;
        assert!(gone.is_err() && TURNS.available_permits() < 2);
    }
}
