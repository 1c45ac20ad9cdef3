//! A job that could not be done: tried again with a growing pause while that can help; else, or after the last try, given up.
use crate::app::App;
use crate::db::Tx;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::outbox::{self, Job};
use crate::remote::RemoteError;
use crate::sql;
use time::Duration;

pub(super) struct Refused {
    pub ends: bool,
    pub text: String,
    next: Utc,
}

impl Refused {
    pub fn new(app: &App, job: &Job, why: &RemoteError) -> Result<Self> {
        // Not before the backend wants it, if it named a time.
        let asked = why.wait().and_then(|wait| Duration::try_from(wait).ok()).unwrap_or_default();
        Ok(Self {
            ends: !why.may_pass() || job.attempts >= outbox::MOST_ATTEMPTS,
            text: why.to_string().chars().take(1000).collect(),
            next: app.now().plus(outbox::back_off(app, job.attempts)?.max(asked)),
        })
    }

    /// The job, and what the copy's row tells of it. False: another worker has taken over, and nothing was written.
    pub async fn store(&self, tx: &mut Tx, now: Utc, job: &Job) -> Result<bool> {
        let ours = if self.ends {
            outbox::dead(tx, now, job, &self.text).await?
        } else {
            outbox::retry(tx, now, job, self.next, &self.text).await?
        };
        if ours {
            let next = (!self.ends).then_some(self.next);
            tx.exec(sql!(
                "UPDATE copies SET last_error = ?, next_try_at = ?, attempts = ?, updated_at = ? WHERE secret_id = ? AND backend = ?",
                &self.text, next, job.attempts, now, job.secret_id, job.backend
            ))
            .await?;
        }
        Ok(ours)
    }
}
