//! New and edit: one form for the metadata, what groups give, and how the two sides talk. It may carry a file.
use super::HOME;
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::providers::{self, Grant, Provider, ProviderInput};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::page::{Answer, html, see_other_saying, with_status};
use crate::web::upload::Upload;
use crate::web::views::parts::{Conflict, Form, Link};
use crate::web::views::providers::FormPage;
use axum::http::StatusCode;

const LABELS: [(&str, &str); 14] = [
    ("name", "Name"),
    ("display_name", "Shown as"),
    ("metadata_url", "Address of the metadata"),
    ("metadata", "Metadata"),
    ("groups_attribute", "Groups attribute"),
    ("email_attribute", "E-mail attribute"),
    ("name_attribute", "Name attribute"),
    ("groups", "Groups"),
    ("makes_accounts", "Accounts"),
    ("signs_requests", "Signed requests"),
    ("asks_again", "ForceAuthn"),
    ("allows_unasked", "Sign-ins that the provider starts"),
    ("wants_encrypted", "Encrypted assertions"),
    ("clock_skew", "Clocks"),
];
const TEXTS: [&str; 7] =
    ["name", "display_name", "groups_attribute", "email_attribute", "name_attribute", "groups", "clock_skew"];
const SWITCHES: [&str; 5] =
    ["makes_accounts", "signs_requests", "asks_again", "allows_unasked", "wants_encrypted"];

pub async fn new(RequireAdmin(user): RequireAdmin) -> Answer {
    providers::demand_to_open(&user.actor, user.app.now())?;
    let form = Form::default()
        .with("groups_attribute", "groups")
        .with("email_attribute", "email")
        .with("name_attribute", "displayName")
        .with("clock_skew", "120")
        .with("makes_accounts", "true")
        .with("signs_requests", "true");
    html(&page(&user, None, form).await?)
}

pub async fn create(RequireAdmin(user): RequireAdmin, upload: Upload) -> Answer {
    let typed = typed(&upload);
    let made = match input(upload).and_then(|input| input.parse(&user.app)) {
        Ok(new) => providers::create(&user.app, &user.actor, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match made {
        Ok(id) => return see_other_saying(&format!("{HOME}/{id}"), "provider-made"),
        Err(e) => typed.refused(e, &LABELS, &format!("{HOME}/new"))?,
    };
    with_status(status, &page(&user, None, form).await?)
}

pub async fn edit(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    providers::demand_to_open(&user.actor, user.app.now())?;
    let provider = providers::find(&user.app, &user.actor, id).await?;
    let form = stored(&provider, &providers::grants_of(&user.app, id).await?);
    html(&page(&user, Some(&provider), form).await?)
}

pub async fn save(RequireAdmin(user): RequireAdmin, Id(id): Id, upload: Upload) -> Answer {
    let provider = providers::find(&user.app, &user.actor, id).await?;
    let typed = typed(&upload);
    let saved = match input(upload).and_then(|input| input.parse(&user.app)) {
        Ok(new) => providers::update(&user.app, &user.actor, id, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match saved {
        Ok(()) => return see_other_saying(&format!("{HOME}/{id}"), "saved"),
        Err(Error::Conflict(_)) => return conflict(&user, id, typed).await,
        Err(e) => typed.refused(e, &LABELS, &format!("{HOME}/{id}/edit"))?,
    };
    with_status(status, &page(&user, Some(&provider), form).await?)
}

/// Both sides, field by field. The next save is meant to go over theirs: it carries their row version.
async fn conflict(user: &CurrentUser, id: i64, typed: Form) -> Answer {
    let provider = providers::find(&user.app, &user.actor, id).await?;
    let grants = providers::grants_of(&user.app, id).await?;
    let words = |name: &str, raw: &str| match raw {
        "" if SWITCHES.contains(&name) => "off".to_owned(),
        "" => "empty".to_owned(),
        "true" => "on".to_owned(),
        raw => raw.to_owned(),
    };
    let anew = format!("{HOME}/{id}/edit");
    let both = Conflict::between(&stored(&provider, &grants), &typed, &LABELS, words, anew);
    let form = typed.with("row_version", provider.row_version.to_string());
    let mut page = page(user, Some(&provider), form).await?;
    page.conflict = Some(both);
    with_status(StatusCode::CONFLICT, &page)
}

async fn page(user: &CurrentUser, provider: Option<&Provider>, form: Form) -> Result<FormPage> {
    let home =
        provider.map(|one| Link { href: format!("{HOME}/{}", one.id), label: one.display_name.clone() });
    let title =
        home.as_ref().map_or("New identity provider".to_owned(), |home| format!("Edit {}", home.label));
    Ok(FormPage {
        shell: user.shell("saml", title).await?,
        action: home.as_ref().map_or(HOME.to_owned(), |home| format!("{}/edit", home.href)),
        cancel: home.as_ref().map_or(HOME.to_owned(), |home| home.href.clone()),
        has_metadata: provider.is_some(),
        home,
        form,
        conflict: None,
    })
}

fn stored(provider: &Provider, grants: &[Grant]) -> Form {
    let lines: Vec<String> = grants.iter().map(Grant::line).collect();
    let on = |is: bool| if is { "true" } else { "" };
    Form::default()
        .with("name", &*provider.name)
        .with("display_name", &*provider.display_name)
        .with("metadata_url", &*provider.metadata_url)
        .with("groups_attribute", &*provider.terms.groups_attribute)
        .with("email_attribute", &*provider.terms.email_attribute)
        .with("name_attribute", &*provider.terms.name_attribute)
        .with("groups", lines.join("\n"))
        .with("clock_skew", provider.terms.clock_skew.to_string())
        .with("makes_accounts", on(provider.terms.makes_accounts))
        .with("signs_requests", on(provider.terms.signs_requests))
        .with("asks_again", on(provider.terms.asks_again))
        .with("allows_unasked", on(provider.terms.allows_unasked))
        .with("wants_encrypted", on(provider.terms.wants_encrypted))
        .with("row_version", provider.row_version.to_string())
}

/// All but the document: a browser does not fill in a file again, and a pasted text may be long.
fn typed(upload: &Upload) -> Form {
    let form = Form::default()
        .with("metadata_url", upload.text("metadata_url"))
        .with("row_version", upload.text("row_version"));
    let form = TEXTS.iter().fold(form, |form, name| form.with(name, upload.text(name)));
    let form = SWITCHES.iter().fold(form, |form, name| form.with(name, upload.text(name)));
    let pasted = upload.pasted.as_ref().and_then(|text| std::str::from_utf8(text.expose()).ok());
    form.with("pasted", pasted.filter(|text| text.len() <= 256 * 1024).unwrap_or_default())
}

fn input(mut upload: Upload) -> Result<ProviderInput> {
    let pasted = upload.pasted.take().filter(|text| !text.is_empty());
    let file = upload.file.take().filter(|file| !file.is_empty());
    if pasted.is_some() && file.is_some() {
        return Err(Error::invalid("metadata", "are given as a file and as a text: keep one of the two"));
    }
    let metadata = file.or(pasted).map(|text| utf8(&text)).transpose()?;
    let on = |name: &str| upload.text(name) == "true";
    Ok(ProviderInput {
        name: upload.text("name"),
        display_name: upload.text("display_name"),
        metadata_url: upload.text("metadata_url"),
        metadata,
        groups_attribute: upload.text("groups_attribute"),
        email_attribute: upload.text("email_attribute"),
        name_attribute: upload.text("name_attribute"),
        groups: upload.text("groups"),
        makes_accounts: on("makes_accounts"),
        signs_requests: on("signs_requests"),
        asks_again: on("asks_again"),
        allows_unasked: on("allows_unasked"),
        wants_encrypted: on("wants_encrypted"),
        clock_skew: upload.text("clock_skew"),
        row_version: upload.text("row_version"),
    })
}

/// Metadata are no secret; the form's parts only might be.
fn utf8(text: &Plaintext) -> Result<String> {
    let text = std::str::from_utf8(text.expose());
    text.map(str::to_owned).map_err(|_| Error::invalid("metadata", "are not UTF-8"))
}
