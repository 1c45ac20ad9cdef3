//! May Keeper call a backend at this address? Told where it is typed; what its name leads to is checked each time it is called.
use super::input::SaveEnvironment;
use super::row::Environment;
use crate::app::App;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::remote::Endpoint;

/// What was saved before is not questioned again.
pub(super) fn demand_allowed(app: &App, old: Option<&Environment>, new: &SaveEnvironment) -> Result<()> {
    let rules = app.rules();
    let mut errors = FieldErrors::default();
    let mut judge = |field, url: &str, before: Option<&String>| {
        if !url.is_empty()
            && before.is_none_or(|before| before != url)
            && let Err(refused) = Endpoint::parse(url, &rules)
        {
            errors.add(field, refused.to_string());
        }
    };
    if let Some(aws) = &new.aws {
        judge("aws_endpoint", &aws.endpoint, old.map(|old| &old.aws_endpoint));
    }
    if let Some(vault) = &new.vault {
        judge("vault_url", &vault.url, old.map(|old| &old.vault_url));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
