//! A job that could not be done: tried again with a growing pause while that can help. After the last of these tries, or at once where
//! only a change elsewhere can help, its copy has failed; it is still tried about once an hour, so that whoever mends the cause need
//! not look for what waited. What a person must decide about ends there.
use crate::app::App;
use crate::db::Tx;
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::outbox::{self, Job};
use crate::remote::RemoteError;
use crate::sql;
use time::Duration;

const SELDOM: Duration = Duration::hours(1);

pub(super) struct Refused {
    pub has_failed: bool,
    pub text: String,
    /// `None`: not tried again.
    next: Option<Utc>,
}

impl Refused {
    pub fn new(app: &App, job: &Job, why: &RemoteError) -> Result<Self> {
        // Not before the backend wants it, if it named a time.
        let asked = why.wait().and_then(|wait| Duration::try_from(wait).ok()).unwrap_or_default();
        let has_failed = !why.may_pass() || job.attempts >= outbox::MOST_ATTEMPTS;
        let usual = outbox::back_off(app, job.attempts)?.max(asked);
        let pause = if has_failed { SELDOM + usual } else { usual };
        Ok(Self {
            has_failed,
            text: why.to_string().chars().take(1000).collect(),
            next: (!why.needs_decision()).then(|| app.now().plus(pause)),
        })
    }

    /// The job, and what the copy's row tells of it. False: another worker has taken over, and nothing was written.
    pub async fn store(&self, tx: &mut Tx, now: Utc, job: &Job) -> Result<bool> {
        let ours = match self.next {
            Some(next) => outbox::retry(tx, now, job, next, &self.text).await?,
            None => outbox::dead(tx, now, job, &self.text).await?,
        };
        if ours {
            tx.exec(sql!(
                "UPDATE copies SET last_error = ?, next_try_at = ?, attempts = ?, updated_at = ? WHERE secret_id = ? AND backend = ?",
                &self.text, self.next, job.attempts, now, job.secret_id, job.backend
            ))
            .await?;
        }
        Ok(ours)
    }
}
