//! The connection test. AWS tells only what one tries, so it tries to look at a secret that is not there, and changes nothing.
use super::faults::{fault, is_about_credentials};
use super::{Aws, WHO};
use crate::remote::error::RemoteError;
use crate::remote::http::{self, within};
use crate::remote::probe::{Probe, Probes, Step};
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};

const STEPS: [Step; 6] = [Step::Resolve, Step::Reach, Step::SignIn, Step::Read, Step::Write, Step::Remove];
const UNTRIED: &str = "AWS tells only what one tries: the first push, and the first removal, will tell";

impl Aws {
    pub async fn probe(&self, path: &str) -> Vec<Probe> {
        let mut probes = Probes::default();
        if self.ask_each(path, &mut probes).await {
            probes.not_asked(Step::Write, UNTRIED);
            probes.not_asked(Step::Remove, UNTRIED);
        }
        probes.end(&STEPS)
    }

    async fn ask_each(&self, path: &str, probes: &mut Probes) -> bool {
        match &self.endpoint {
            None => probes.not_asked(Step::Resolve, "AWS's own address: its certificate proves it"),
            Some(endpoint) => {
                let found = within(WHO, async {
                    let found = endpoint.resolve().await.map_err(|away| http::unreachable(WHO, away))?;
                    let found: Vec<String> = found.iter().map(|address| address.ip().to_string()).collect();
                    Ok(found.join(", "))
                });
                if !probes.settle(Step::Resolve, found.await) {
                    return false;
                }
            }
        }
        let (stopped, answer) = match within(WHO, async { Ok(self.look(path).await) }).await {
            Ok(Ok(())) => (None, Ok(())),
            Ok(Err((step, why))) => (Some(step), Err(why)),
            Err(slow) => (Some(Step::Reach), Err(slow)),
        };
        let words = [(Step::Reach, "it answers"), (Step::SignIn, "the credentials are known")];
        for (step, well) in words {
            if stopped == Some(step) {
                return probes.settle(step, answer.map(|()| String::new()));
            }
            probes.settle(step, Ok(well.to_owned()));
        }
        let read = match answer {
            Ok(()) => within(WHO, self.current(path)).await.map(|_| "the credentials allow it".to_owned()),
            Err(why) => Err(why),
        };
        probes.settle(Step::Read, read)
    }

    /// At which step it stops, and why.
    async fn look(&self, path: &str) -> Result<(), (Step, RemoteError)> {
        self.admit(path).await.map_err(|why| (Step::Read, why))?;
        let Err(e) = self.client.describe_secret().secret_id(path).send().await else { return Ok(()) };
        let why = fault("DescribeSecret", &e);
        match &e {
            SdkError::ServiceError(said) => match said.err().code().unwrap_or_default() {
                "ResourceNotFoundException" => Ok(()),
                code if is_about_credentials(code) => Err((Step::SignIn, why)),
                "AccessDeniedException" | "AccessDenied" => Err((Step::Read, why)),
                _ => Err((Step::Reach, why)),
            },
            SdkError::ConstructionFailure(_) => Err((Step::SignIn, why)),
            SdkError::DispatchFailure(way)
                if !way.is_io() && !way.is_timeout() && way.as_other().is_none() =>
            {
                Err((Step::SignIn, why))
            }
            _ => Err((Step::Reach, why)),
        }
    }
}
