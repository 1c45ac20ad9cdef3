//! /settings/backends: every environment's backends, how their copies stand, and a test of each connection, step by step.
use super::extract::{Id, InBackend, RequireAdmin};
use super::page::{Answer, html, see_other};
use super::views::backends::{BackendRow, IndexPage, TestPage};
use super::views::parts::{Badge, Step as StepView};
use super::views::words::sentence;
use crate::domain::enums::Backend;
use crate::domain::error::Result;
use crate::environments::{self, Environment};
use crate::remote::{Probe, Step, Verdict};
use crate::sync::{self, Trouble};
use crate::web::extract::CurrentUser;

pub async fn index(RequireAdmin(user): RequireAdmin) -> Answer {
    let troubles = sync::troubles(&user.app).await?;
    let mut rows = Vec::new();
    for place in user.places().await? {
        let environment = &place.environment;
        rows.extend(environment.backends().map(|backend| {
            BackendRow {
                env: environment.into(),
                key: backend.as_str(),
                name: backend.title(),
                address: address(environment, backend),
                path: environment.path_template(backend).to_owned(),
                trouble: troubles
                    .iter()
                    .find(|one| one.environment_id == environment.id && one.backend == backend)
                    .map(trouble),
                is_active: environment.is_active,
            }
        }));
    }
    html(&IndexPage { shell: user.shell("backends", "Backends").await?, rows })
}

pub async fn ask(RequireAdmin(user): RequireAdmin, Id(id): Id, InBackend(backend): InBackend) -> Answer {
    match page(&user, id, backend, None).await? {
        Some(page) => html(&page),
        None => see_other("/settings/backends"),
    }
}

pub async fn test(RequireAdmin(user): RequireAdmin, Id(id): Id, InBackend(backend): InBackend) -> Answer {
    let probes = sync::probe(&user.app, &user.actor, id, backend).await?;
    match page(&user, id, backend, Some(&probes)).await? {
        Some(page) => html(&page),
        None => see_other("/settings/backends"),
    }
}

/// `None`: the environment keeps no copies there, by now.
async fn page(
    user: &CurrentUser,
    id: i64,
    backend: Backend,
    probes: Option<&[Probe]>,
) -> Result<Option<TestPage>> {
    let environment = environments::enter(&user.app, &user.actor, id).await?.environment;
    if !environment.has(backend) {
        return Ok(None);
    }
    let failed = |probe: &&Probe| matches!(probe.verdict, Verdict::Failed(_));
    Ok(Some(TestPage {
        shell: user.shell("backends", format!("{} of {}", backend.title(), environment.name)).await?,
        env: (&environment).into(),
        key: backend.as_str(),
        name: backend.title(),
        address: address(&environment, backend),
        path: environment.path_template(backend).to_owned(),
        verdict: probes.map(|probes| match probes.iter().find(failed) {
            None => Badge::of("succeeded").saying("It works"),
            Some(_) => Badge::of("failed"),
        }),
        steps: probes.unwrap_or_default().iter().map(step).collect(),
    }))
}

fn trouble(one: &Trouble) -> (Badge, String) {
    let waiting = match one.waiting {
        1 => "1 copy waits".to_owned(),
        n => format!("{n} copies wait"),
    };
    (Badge::of("failed").saying(waiting), sentence(&one.last_error))
}

fn address(environment: &Environment, backend: Backend) -> String {
    match backend {
        Backend::Vault => environment.vault_url.clone(),
        Backend::Aws if environment.aws_endpoint.is_empty() => format!("AWS, {}", environment.aws_region),
        Backend::Aws => environment.aws_endpoint.clone(),
    }
}

fn step(probe: &Probe) -> StepView {
    let title = match probe.step {
        Step::Settings => "What is set",
        Step::Resolve => "Find its address",
        Step::Reach => "Reach it",
        Step::SignIn => "Sign in",
        Step::Place => "Find the mount",
        Step::Read => "May read copies",
        Step::Write => "May write copies",
        Step::Remove => "May remove copies",
    };
    let (state, text) = match &probe.verdict {
        Verdict::Well(detail) => ("done", detail.clone()),
        Verdict::Failed(why) => ("failed", why.clone()),
        Verdict::NotAsked(why) => ("", format!("not asked: {why}")),
    };
    StepView { state, title: title.to_owned(), text: format!("{}.", sentence(&text)), ..StepView::default() }
}
