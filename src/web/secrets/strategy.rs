//! GET and POST /secrets/{id}/strategy: whose password the secret is at which source. Adopting looks and signs in there, and changes nothing.
use super::approval::approval;
use super::used::words;
use crate::domain::error::{Error, Result};
use crate::domain::fields::FieldErrors;
use crate::environments::Act;
use crate::remote::sources::{Account, Remark, SourceEngine};
use crate::rotations::{Change, Planned, change_plan};
use crate::secrets::{self, Found};
use crate::sources::{self, Described, Shape, Source, StrategyInput};
use crate::web::convert::engine_label;
use crate::web::extract::{CurrentUser, Id};
use crate::web::page::{Answer, html, said, see_other, see_other_saying, with_status};
use crate::web::views::parts::{Choice, Form, Note, Step};
use crate::web::views::sources::StrategyPage;
use crate::web::views::words::sentence;
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

const LABELS: [(&str, &str); 7] = [
    ("source_id", "Source"),
    ("account_name", "User"),
    ("account_host", "Host"),
    ("shape", "Value"),
    ("second_name", "Second user"),
    ("second_host", "Host of the second"),
    ("reason", "Reason"),
];

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct StrategyForm {
    #[serde(flatten)]
    input: StrategyInput,
    break_glass: Option<String>,
}

pub async fn ask(user: CurrentUser, Id(id): Id) -> Answer {
    let found = secrets::find(&user.app, &user.actor, id).await?;
    found.demand(&user.actor, Act::Change)?;
    if !found.secret.is_active {
        return see_other(&format!("/secrets/{id}"));
    }
    found.demand_proof_to_open(&user.actor, Act::Change, user.app.now())?;
    html(&page(&user, &found, None, Vec::new()).await?)
}

pub async fn adopt(user: CurrentUser, Id(id): Id, Posted(posted): Posted<StrategyForm>) -> Answer {
    secrets::find(&user.app, &user.actor, id).await?.demand(&user.actor, Act::Change)?;
    let typed = typed(&posted.input);
    let breaks_glass = posted.break_glass.is_some();
    let done = change_plan(&user.app, &user.actor, id, Change::Strategy(posted.input), breaks_glass).await;
    let (status, form, notes) = match done {
        Ok(Planned::Asked(rotation)) => return see_other(&format!("/rotations/{rotation}")),
        Ok(Planned::Changed(remarks)) if remarks.is_empty() => {
            return see_other_saying(&format!("/secrets/{id}"), "adopted");
        }
        // What somebody should know is said on this very answer: nothing keeps it.
        Ok(Planned::Changed(remarks)) => (StatusCode::OK, None, notes(&remarks)),
        Err(Error::Unavailable { what, cause: None }) => {
            let typed = typed.failing(&FieldErrors::one("", what), &[]);
            (StatusCode::SERVICE_UNAVAILABLE, Some(typed), Vec::new())
        }
        Err(e) => {
            let (status, form) = typed.refused(e, &LABELS, &format!("/secrets/{id}/strategy"))?;
            (status, Some(form), Vec::new())
        }
    };
    let found = secrets::find(&user.app, &user.actor, id).await?;
    with_status(status, &page(&user, &found, form, notes).await?)
}

/// The form always carries the row version of what the page shows. Untouched, it holds what is set.
async fn page(
    user: &CurrentUser,
    found: &Found,
    form: Option<Form>,
    notes: Vec<Note>,
) -> Result<StrategyPage> {
    let (secret, place) = (&found.secret, &found.place);
    let all = sources::list(&user.app, &user.actor, secret.environment_id).await?;
    let now = sources::described(&user.app, &user.actor, secret.id).await?;
    let may_name_second = sources::may_name_second(&user.actor);
    let takes_turns = now.as_ref().is_some_and(|now| now.accounts.len() > 1);
    Ok(StrategyPage {
        shell: user.shell("secrets", format!("Where {} is used", secret.name)).await?,
        id: secret.id,
        name: secret.name.clone(),
        env: (&place.environment).into(),
        form: form
            .unwrap_or_else(|| stored(now.as_ref(), &all))
            .with("row_version", secret.row_version.to_string()),
        asks_host: all.iter().any(|source| source.address.engine == SourceEngine::Mysql),
        sources: all.iter().map(choice).collect(),
        shapes: Shape::ALL.iter().copied().map(shape).collect(),
        may_name_second,
        leaves_one: takes_turns && !may_name_second,
        may_add: sources::may_change(&user.actor, place),
        wants_reason: place.asks(Act::Change, secret.secrecy_level).reason,
        is_set: now.is_some(),
        approval: approval(user, found),
        used: words(now.as_ref()),
        plan: plan(),
        notes,
    })
}

fn choice(source: &Source) -> Choice {
    let at = &source.address;
    let label = format!("{}: {} at {}:{}", source.name, engine_label(at.engine), at.host, at.port);
    Choice { value: source.id.to_string(), label, ..Choice::default() }
}

fn shape(one: Shape) -> Choice {
    let (label, help) = match one {
        Shape::Password => ("Is the password", "Nothing else stands in it."),
        Shape::Json => {
            ("A JSON object", "With “username” and “password” in it; whatever else it holds stays as it is.")
        }
    };
    Choice { value: one.as_str().into(), label: label.into(), help: help.into(), on: false }
}

fn plan() -> Vec<Step> {
    [
        ("Look at the user", "The source is asked whether it is there, and whether Keeper may change it."),
        ("Sign in with the current value", "As programs do. Where it does not open the door, nothing is adopted."),
        ("Remember it", "The user, its password and the value stay as they are. The next rotation is the first that changes them."),
    ]
    .map(|(title, text)| Step { title: title.into(), text: text.into(), ..Step::default() })
    .to_vec()
}

fn notes(remarks: &[Remark]) -> Vec<Note> {
    let remark = |remark: &Remark| Note {
        tone: "warn",
        icon: "alert-octagon",
        title: "Remark:".into(),
        text: format!("{}.", sentence(&remark.to_string())),
        link: None,
    };
    said("adopted").into_iter().chain(remarks.iter().map(remark)).collect()
}

fn typed(input: &StrategyInput) -> Form {
    Form { refusal: "Not adopted", ..Form::default() }
        .with("source_id", &input.source_id)
        .with("account_name", &input.account_name)
        .with("account_host", &input.account_host)
        .with("second_name", &input.second_name)
        .with("second_host", &input.second_host)
        .with("shape", &input.shape)
        .with("reason", &input.reason)
}

/// What is set; without it, the only source that one can choose.
fn stored(now: Option<&Described>, all: &[Source]) -> Form {
    let Some(Described { source, accounts, shape }) = now else {
        let only = match all {
            [only] => only.id.to_string(),
            _ => String::new(),
        };
        return Form::default().with("source_id", only).with("shape", Shape::Password.as_str());
    };
    let [name, second] = [accounts.first(), accounts.get(1)];
    let host = |account: Option<&Account>| account.and_then(|one| one.host.clone()).unwrap_or_default();
    Form::default()
        .with("source_id", source.id.to_string())
        .with("account_name", name.map_or("", |one| one.name.as_str()))
        .with("account_host", host(name))
        .with("second_name", second.map_or("", |one| one.name.as_str()))
        .with("second_host", host(second))
        .with("shape", shape.as_str())
}
