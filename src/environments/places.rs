//! What a form says of one backend, and what it becomes when it is valid.
use super::input::EnvironmentInput;
use super::paths::PathTemplate;
use crate::domain::fields::FieldErrors;
use crate::domain::rules::{Problem, Text};
use crate::remote;
use url::Url;

/// AWS takes 50 tags for a secret; two are Keeper's mark.
const MOST_TAGS: usize = 20;
const LONGEST_AUTHORITY: usize = 65_536;

pub struct AwsPlace {
    pub region: String,
    pub endpoint: String,
    pub path_template: PathTemplate,
    /// Taken on top of the credentials; empty: none.
    pub role_arn: String,
    pub external_id: String,
    /// Of secrets that are made; empty: AWS's own.
    pub kms_key: String,
    /// Of secrets that are made: `key=value` by line.
    pub tags: String,
}

pub struct VaultPlace {
    pub url: String,
    pub mount: String,
    pub namespace: String,
    pub path_template: PathTemplate,
    /// Of an `AppRole`, whose secret id is stored in the token's place; empty: a token.
    pub role_id: String,
    pub auth_mount: String,
    /// PEM: who vouches for the server; empty: whom the machine trusts.
    pub authority: String,
}

impl EnvironmentInput {
    pub(super) fn aws(&self, errors: &mut FieldErrors) -> Option<AwsPlace> {
        self.aws_enabled.as_ref()?;
        let region = errors.take("aws_region", region(&self.aws_region));
        let endpoint = errors.take("aws_endpoint", address(&self.aws_endpoint, false));
        let path_template = errors.take("aws_path_template", PathTemplate::parse(&self.aws_path_template));
        let role_arn = errors.take("aws_role_arn", role(&self.aws_role_arn));
        let external_id =
            errors.take("aws_external_id", external_id(&self.aws_external_id, &self.aws_role_arn));
        let kms_key = errors.take("aws_kms_key", kms_key(&self.aws_kms_key));
        let tags = errors.take("aws_tags", tags(&self.aws_tags));
        Some(AwsPlace {
            region: region?,
            endpoint: endpoint?,
            path_template: path_template?,
            role_arn: role_arn?,
            external_id: external_id?,
            kms_key: kms_key?,
            tags: tags?,
        })
    }

    pub(super) fn vault(&self, errors: &mut FieldErrors) -> Option<VaultPlace> {
        self.vault_enabled.as_ref()?;
        let url = errors.take("vault_url", address(&self.vault_url, true));
        let mount = errors.take("vault_mount", segment_path(&self.vault_mount, true));
        let namespace = errors.take("vault_namespace", segment_path(&self.vault_namespace, false));
        let path_template =
            errors.take("vault_path_template", PathTemplate::parse(&self.vault_path_template));
        let role_id = errors.take("vault_role_id", plain(&self.vault_role_id, 255));
        let auth_mount = errors.take("vault_auth_mount", segment_path(&self.vault_auth_mount, false));
        let authority = errors.take("vault_authority", authority(&self.vault_authority));
        Some(VaultPlace {
            url: url?,
            mount: mount?,
            namespace: namespace?,
            path_template: path_template?,
            role_id: role_id?,
            auth_mount: auth_mount?,
            authority: authority?,
        })
    }
}

fn region(raw: &str) -> Result<String, Problem> {
    let region = Text::required(raw, 64)?;
    if region.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        Ok(region)
    } else {
        Err(Problem::new("must be a region's code such as eu-central-1"))
    }
}

/// An http(s) address without user, query or fragment. Where it may point to is checked when it is called.
fn address(raw: &str, required: bool) -> Result<String, Problem> {
    let text = Text::optional(raw, 512)?;
    if text.is_empty() && !required {
        return Ok(text);
    }
    let bad = || Problem::new("must be an address such as https://vault.example.com:8200");
    let url = Url::parse(&text).map_err(|_| bad())?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain { Ok(text) } else { Err(bad()) }
}

fn segment_path(raw: &str, required: bool) -> Result<String, Problem> {
    let text = if required { Text::required(raw, 255)? } else { Text::optional(raw, 255)? };
    let text = text.trim_matches('/').to_owned();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if text.chars().all(allowed)
        && !text.contains("//")
        && !text.split('/').any(|part| matches!(part, "." | ".."))
    {
        Ok(text)
    } else {
        Err(Problem::new("may hold letters, digits, - _ . and single slashes"))
    }
}

fn plain(raw: &str, most: u64) -> Result<String, Problem> {
    let text = Text::optional(raw, most)?;
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(text);
    }
    Err(Problem::new("must be ASCII letters, digits and signs, without blanks"))
}

/// IAM: `arn:aws:iam::111122223333:role/NAME`, of any partition.
fn role(raw: &str) -> Result<String, Problem> {
    let text = plain(raw, 2048)?;
    if text.is_empty() || (text.starts_with("arn:") && text.contains(":iam::") && text.contains(":role/")) {
        return Ok(text);
    }
    Err(Problem::new("must be the ARN of a role such as arn:aws:iam::111122223333:role/keeper"))
}

/// STS `AssumeRole`: 2 to 1224 letters, digits and `+ = , . @ : / -`.
fn external_id(raw: &str, role: &str) -> Result<String, Problem> {
    let text = Text::optional(raw, 1224)?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&b);
    if text.is_empty() {
        return Ok(text);
    }
    if role.trim().is_empty() {
        return Err(Problem::new("belongs to a role: name the role too, or leave it out"));
    }
    if text.len() >= 2 && text.bytes().all(allowed) {
        return Ok(text);
    }
    Err(Problem::new("must have 2 to 1224 letters, digits and _ + = , . @ : / -"))
}

/// Secrets Manager `KmsKeyId`: an ARN, a key's id or an alias.
fn kms_key(raw: &str) -> Result<String, Problem> {
    let text = plain(raw, 2048)?;
    let is_id = text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let is_multi_region = text.starts_with("mrk-");
    if text.is_empty() || text.starts_with("arn:") || text.starts_with("alias/") || is_id || is_multi_region {
        return Ok(text);
    }
    Err(Problem::new("must be the ARN or the id of a key of AWS KMS, or alias/NAME"))
}

/// Secrets Manager `Tags`: keys of up to 128 characters, values of up to 256, `aws:` is AWS's own.
fn tags(raw: &str) -> Result<String, Problem> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for line in raw.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, value) =
            line.split_once('=').ok_or_else(|| Problem::new("must be written as key=value, one by line"))?;
        let (key, value) = (key.trim(), value.trim());
        let allowed = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
        if !(1..=128).contains(&key.chars().count()) || value.chars().count() > 256 {
            return Err(Problem::new("take keys of 1 to 128 characters and values of up to 256"));
        }
        if !key.chars().chain(value.chars()).all(allowed) {
            return Err(Problem::new("may hold letters, digits, blanks and _ . : / = + - @"));
        }
        let own = key.to_lowercase();
        if own.starts_with("aws:") || own.starts_with("keeper:") {
            return Err(Problem::new(format!(
                "must not begin with {}",
                if own.starts_with('a') { "aws:" } else { "keeper:" }
            )));
        }
        if kept.iter().any(|(known, _)| known == key) {
            return Err(Problem::new(format!("name {key} twice")));
        }
        kept.push((key.to_owned(), value.to_owned()));
    }
    if kept.len() > MOST_TAGS {
        return Err(Problem::new(format!("can be {MOST_TAGS} at most")));
    }
    Ok(kept.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("\n"))
}

fn authority(raw: &str) -> Result<String, Problem> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    if text.len() > LONGEST_AUTHORITY {
        return Err(Problem::new("must have at most 64 KiB"));
    }
    remote::demand_authority(text).map_err(|_| {
        Problem::new("must be one certificate or more in PEM, from -----BEGIN CERTIFICATE----- on")
    })?;
    Ok(text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_aws_tags_and_none_of_keepers_or_awss_own() {
        assert_eq!(tags(" team = pay \n\ncost center=a b\n").unwrap(), "team=pay\ncost center=a b");
        for odd in
            ["team", "=x", "aws:x=y", "Keeper:uid=z", "a=1\na=2", "a=<b>", &format!("a={}", "x".repeat(257))]
        {
            assert!(tags(odd).is_err(), "{odd}");
        }
        let many: Vec<String> = (0..21).map(|n| format!("k{n}=v")).collect();
        assert!(tags(&many.join("\n")).is_err());
    }

    #[test]
    fn a_role_and_a_key_are_told_from_other_texts() {
        assert!(role("arn:aws:iam::111122223333:role/keeper").is_ok() && role("").is_ok());
        assert!(role("arn:aws:iam::111122223333:user/keeper").is_err() && role("keeper").is_err());
        assert!(
            external_id("x1", "").is_err()
                && external_id("x", "arn").is_err()
                && external_id("x-1", "arn").is_ok()
        );
        for fine in
            ["", "alias/keeper", "1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:eu-central-1:1:key/x"]
        {
            assert!(kms_key(fine).is_ok(), "{fine}");
        }
        assert!(kms_key("keeper").is_err() && kms_key("alias/a b").is_err());
        assert!(authority("hello").is_err() && authority(" ").is_ok());
    }
}
