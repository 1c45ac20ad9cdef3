//! What a new value will do, step by step, before anybody confirms it: on the pages of rotate and restore.
use crate::domain::enums::Backend;
use crate::remote::sources::Account;
use crate::secrets::{Copy, Found};
use crate::sources::Described;
use crate::web::convert::engine_label;
use crate::web::views::parts::Step;
use crate::web::views::rotate::Approval;

pub fn plan(
    found: &Found,
    copies: &[Copy],
    strategy: Option<&Described>,
    approval: Option<&Approval>,
) -> Vec<Step> {
    let (secret, environment) = (&found.secret, &found.place.environment);
    let (old, new) = (secret.current_version, secret.last_version() + 1);
    let mut plan: Vec<Step> = approval.map(|_| waits()).into_iter().collect();
    plan.push(step(
        format!("Seal version {new}"),
        match strategy {
            None => "The new value is encrypted under a key of its own.",
            Some(_) => {
                "The new value is encrypted under a key of its own and stored, before anything outside hears of it."
            }
        },
    ));
    plan.extend(strategy.map(at_source).into_iter().flatten());
    plan.push(step(
        format!("Make version {new} current"),
        format!(
            "Version {old} becomes the previous one and stays readable. One transaction, with its audit event."
        ),
    ));
    let path = |backend: Backend| {
        let known = copies.iter().find(|copy| copy.backend == backend).map(|copy| copy.remote_path.clone());
        known.unwrap_or_else(|| environment.path(backend, &secret.service_name, &secret.name))
    };
    for backend in secret.backends(environment) {
        let text = "Pushed, read back and compared by digest. If it is away, Keeper tries again; the other copy does not wait.";
        plan.push(Step { path: Some(path(backend)), ..step(format!("Copy to {}", backend.title()), text) });
    }
    plan
}

fn waits() -> Step {
    step(
        "Wait for another person".to_owned(),
        "A manager or an admin reads this plan, your reason, the length and the digest, never the value. Nobody approves their own; after seven days, or when the secret has changed, it is void.",
    )
}

fn at_source(strategy: &Described) -> [Step; 2] {
    let (source, who) = (&strategy.source, users(strategy));
    let server =
        format!("{} at {}:{}", engine_label(source.address.engine), source.address.host, source.address.port);
    let meanwhile = match strategy.accounts.len() {
        1 => "From here on the old password does not work there any more",
        _ => "The user that is in use now keeps its password until the next rotation",
    };
    [
        step(
            format!("Change {who} at {}", source.name),
            format!("On {server}, as Keeper’s administrator there. {meanwhile}."),
        ),
        step(
            "Sign in there with the new value".to_owned(),
            "If the server refuses it, the old password is set again, and the secret stays as it is.",
        ),
    ]
}

/// "app", or "app or app_b, whose turn it is".
fn users(strategy: &Described) -> String {
    let names: Vec<String> = strategy.accounts.iter().map(Account::to_string).collect();
    match names.len() {
        1 => names.concat(),
        _ => format!("{}, whose turn it is", names.join(" or ")),
    }
}

fn step(title: String, text: impl Into<String>) -> Step {
    Step { title, text: text.into(), ..Step::default() }
}
