//! GET /settings/saml: who is believed, what they are told of Keeper, and Keeper's keys.
use super::guide::GUIDES;
use super::keys::key_row;
use super::{HOME, values};
use crate::domain::error::Result;
use crate::kit::clock::Utc;
use crate::providers::{self, Provider};
use crate::web::extract::{CurrentUser, RequireAdmin};
use crate::web::page::{Answer, html};
use crate::web::views::parts::{Badge, Form, Link, When};
use crate::web::views::providers::{IndexPage, ProviderRow};
use crate::web::views::words::sentence;

pub async fn index(RequireAdmin(user): RequireAdmin) -> Answer {
    html(&page(&user, Form::default()).await?)
}

pub(super) async fn page(user: &CurrentUser, form: Form) -> Result<IndexPage> {
    let app = &user.app;
    let keys = providers::own_keys(app).await?;
    let mut rows: Vec<ProviderRow> = configured(user).into_iter().collect();
    let managed = providers::list(app, &user.actor).await?;
    rows.extend(managed.iter().map(|provider| row(user, provider)));
    Ok(IndexPage {
        shell: user.shell("saml", "Identity providers").await?,
        values: values(user),
        rows,
        may_make_key: providers::may_make_key(&keys),
        keys: keys.iter().map(|key| key_row(key, app.now())).collect(),
        guides: GUIDES
            .iter()
            .map(|(name, title)| Link { href: format!("{HOME}/guides/{name}"), label: (*title).to_owned() })
            .collect(),
        form,
    })
}

/// The one that `KEEPER_SAML_…` names: changed there, shown here.
fn configured(user: &CurrentUser) -> Option<ProviderRow> {
    let app = &user.app;
    app.settings.saml.metadata.as_ref()?;
    let known = app.identity_provider();
    let (idp, source) = match &known {
        Some((idp, at)) => (Some(idp), format!("Read {}", When::relative(*at, app.now()).text)),
        None => (None, "Its metadata could not be read yet".to_owned()),
    };
    let state = match idp {
        Some(idp) if idp.has_expired(app.now()) => Badge::of("expired"),
        Some(_) => Badge::of("current").saying("On"),
        None => Badge::of("failed").saying("Away"),
    };
    Some(ProviderRow {
        href: None,
        display_name: idp.map_or("Not known yet".to_owned(), |idp| idp.display_name.clone()),
        entity_id: idp.map_or_else(String::new, |idp| idp.entity_id.clone()),
        state,
        source,
        troubles: sentences(&providers::configured_troubles(app)),
        test: idp.map(|_| test_href(providers::CONFIGURED)),
    })
}

fn row(user: &CurrentUser, provider: &Provider) -> ProviderRow {
    let now = user.app.now();
    ProviderRow {
        href: Some(format!("{HOME}/{}", provider.id)),
        display_name: provider.display_name.clone(),
        entity_id: provider.entity_id.clone(),
        state: state(provider),
        source: source(provider, now),
        troubles: sentences(&providers::troubles(&user.app, provider)),
        test: provider.is_active.then(|| test_href(&provider.name)),
    }
}

/// A sign-in that lets nobody in, and leads to what arrived.
pub(super) fn test_href(name: &str) -> String {
    format!("/saml/login?idp={name}&test=1")
}

pub(super) fn state(provider: &Provider) -> Badge {
    if provider.is_active { Badge::of("current").saying("On") } else { Badge::of("withdrawn").saying("Off") }
}

pub(super) fn source(provider: &Provider, now: Utc) -> String {
    match provider.fetched_at {
        Some(at) => format!("{}, read {}", provider.metadata_url, When::relative(at, now).text),
        None => "A document that was given".to_owned(),
    }
}

pub(super) fn sentences(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| sentence(text)).collect()
}
