//! The table of checks: what is checked, where the specification asks for it, what helps. Each stands here once, in the
//! order in which faults are told; sign-in holds when all pass, and an administrator's page shows all.
use super::{Scene, envelope, statement, subject};
use crate::remote::saml::Fault;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Document,
    Status,
    Encryption,
    Signature,
    ResponseVersion,
    Destination,
    InResponseTo,
    ResponseIssueInstant,
    ResponseIssuer,
    AssertionVersion,
    AssertionIssuer,
    AssertionIssueInstant,
    Confirmation,
    Recipient,
    ConfirmationInResponseTo,
    ConfirmationTimes,
    ConditionsTimes,
    Conditions,
    Audience,
    AuthnStatement,
    SessionNotOnOrAfter,
    SessionIndex,
    NameId,
    Attributes,
}

type Judge = fn(&Scene<'_>) -> Result<(), Fault>;

pub(super) struct Rule {
    pub check: Check,
    title: &'static str,
    source: &'static str,
    remedy: &'static str,
    /// None: the gate and samael have judged before anything here is looked at.
    pub judge: Option<Judge>,
}

impl Check {
    /// What is checked.
    pub fn title(self) -> &'static str {
        self.rule().map_or("", |rule| rule.title)
    }

    /// Which part of the specification asks for it.
    pub fn source(self) -> &'static str {
        self.rule().map_or("", |rule| rule.source)
    }

    /// What to change, at the identity provider or in Keeper.
    pub fn remedy(self) -> &'static str {
        self.rule().map_or("", |rule| rule.remedy)
    }

    fn rule(self) -> Option<&'static Rule> {
        TABLE.iter().find(|rule| rule.check == self)
    }
}

pub(super) const TABLE: &[Rule] = &[
    Rule {
        check: Check::Document,
        title: "The response is one SAML 2.0 document of the one shape that Keeper takes",
        source: "SAML bindings 3.5.4, SAML core 5.4",
        remedy: "Let the identity provider answer with HTTP-POST and one assertion, without a DOCTYPE, comments or parts of its own; large group lists are best filtered there.",
        judge: None,
    },
    Rule {
        check: Check::Status,
        title: "The identity provider says that it signed the person in",
        source: "SAML core 3.2.2",
        remedy: "Look into the identity provider's log: it refused the request or could not sign the person in. Often Keeper is not assigned to that person, or its address or entity ID is not registered there.",
        judge: Some(envelope::status),
    },
    Rule {
        check: Check::Encryption,
        title: "The assertion is encrypted for Keeper, or comes in the clear where that is allowed",
        source: "SAML core 2.3.4, XML Encryption 1.1",
        remedy: "Give the identity provider Keeper's present metadata, so that it encrypts with Keeper's present key, by AES-GCM or AES-CBC with RSA-OAEP; or switch encryption off at the provider and its demand off in Keeper.",
        judge: Some(envelope::encryption),
    },
    Rule {
        check: Check::Signature,
        title: "The response or the assertion is signed with a key of the metadata, by RSA with SHA-256 or better",
        source: "SAML core 5.4, SAML profiles 4.1.4.3",
        remedy: "Load the identity provider's present metadata into Keeper: its key may have changed. At the provider choose RSA with SHA-256, and sign the assertion, the response or both.",
        judge: None,
    },
    Rule {
        check: Check::ResponseVersion,
        title: "The response is written in SAML 2.0",
        source: "SAML core 3.2.2",
        remedy: "Choose SAML 2.0 for Keeper at the identity provider.",
        judge: Some(envelope::response_version),
    },
    Rule {
        check: Check::Destination,
        title: "The response is sent to this installation's address",
        source: "SAML bindings 3.5.5.2",
        remedy: "Compare the assertion consumer service URL (ACS URL, reply URL) at the identity provider with the one in Keeper's metadata, to the letter; or correct KEEPER_PUBLIC_URL.",
        judge: Some(envelope::destination),
    },
    Rule {
        check: Check::InResponseTo,
        title: "The response answers the request that Keeper made",
        source: "SAML core 3.2.2, SAML profiles 4.1.4.3",
        remedy: "Begin again at Keeper, in one browser, and go on within ten minutes. If the provider began, no request must be named.",
        judge: Some(envelope::in_response_to),
    },
    Rule {
        check: Check::ResponseIssueInstant,
        title: "The response was made after the request, and not in the future",
        source: "SAML core 3.2.2",
        remedy: "Set the clocks of Keeper and the identity provider by the same time service.",
        judge: Some(envelope::response_issued),
    },
    Rule {
        check: Check::ResponseIssuer,
        title: "The response names the identity provider of the metadata as its issuer",
        source: "SAML profiles 4.1.4.2",
        remedy: "Load the metadata of the very application at the identity provider that answers: the issuer and the metadata's entityID must be the same to the letter.",
        judge: Some(envelope::response_issuer),
    },
    Rule {
        check: Check::AssertionVersion,
        title: "The assertion is written in SAML 2.0",
        source: "SAML core 2.3.3",
        remedy: "Choose SAML 2.0 for Keeper at the identity provider, for assertions too.",
        judge: Some(statement::assertion_version),
    },
    Rule {
        check: Check::AssertionIssuer,
        title: "The assertion names the identity provider of the metadata as its issuer",
        source: "SAML core 2.3.3, SAML profiles 4.1.4.2",
        remedy: "Load the metadata of the very application at the identity provider that answers: the issuer and the metadata's entityID must be the same to the letter.",
        judge: Some(statement::assertion_issuer),
    },
    Rule {
        check: Check::AssertionIssueInstant,
        title: "The assertion was made after the request, and not in the future",
        source: "SAML core 2.3.3",
        remedy: "Set the clocks of Keeper and the identity provider by the same time service.",
        judge: Some(statement::assertion_issued),
    },
    Rule {
        check: Check::Confirmation,
        title: "The assertion may be shown by whoever brings it (a bearer confirmation)",
        source: "SAML profiles 4.1.4.2",
        remedy: "Choose the web browser sign-in profile for Keeper at the identity provider: it sends a SubjectConfirmation of the bearer method with its data.",
        judge: Some(subject::confirmation),
    },
    Rule {
        check: Check::Recipient,
        title: "The assertion may be shown at this installation's address",
        source: "SAML profiles 4.1.4.3",
        remedy: "Compare the recipient URL (often the ACS URL) at the identity provider with the address in Keeper's metadata, to the letter.",
        judge: Some(subject::recipient),
    },
    Rule {
        check: Check::ConfirmationInResponseTo,
        title: "The assertion answers the request that Keeper made",
        source: "SAML core 2.4.1.2, SAML profiles 4.1.4.3",
        remedy: "Begin again at Keeper, in one browser, and go on within ten minutes. If the provider began, no request must be named.",
        judge: Some(subject::confirms_the_request),
    },
    Rule {
        check: Check::ConfirmationTimes,
        title: "The assertion may be shown now, and says until when",
        source: "SAML core 2.4.1.2, SAML profiles 4.1.4.3",
        remedy: "Set the clocks of Keeper and the identity provider by the same time service; or let the provider's assertions live some minutes longer.",
        judge: Some(subject::confirmation_times),
    },
    Rule {
        check: Check::ConditionsTimes,
        title: "The assertion is valid now",
        source: "SAML core 2.5.1.2",
        remedy: "Set the clocks of Keeper and the identity provider by the same time service; or let the provider's assertions live some minutes longer.",
        judge: Some(statement::condition_times),
    },
    Rule {
        check: Check::Conditions,
        title: "The assertion holds no condition that Keeper does not know",
        source: "SAML core 2.5.1",
        remedy: "Take conditions of the identity provider's own out of what it sends to Keeper.",
        judge: Some(statement::known_conditions),
    },
    Rule {
        check: Check::Audience,
        title: "The assertion is meant for Keeper",
        source: "SAML core 2.5.1.4",
        remedy: "Compare the audience (SP entity ID, identifier) at the identity provider with Keeper's entity ID, to the letter.",
        judge: Some(statement::audience),
    },
    Rule {
        check: Check::AuthnStatement,
        title: "The assertion says when the person proved who they are",
        source: "SAML core 2.7.2, SAML profiles 4.1.4.2",
        remedy: "Let the identity provider send an AuthnStatement with its AuthnInstant, as the web browser sign-in profile asks; compare the clocks.",
        judge: Some(statement::is_authenticated),
    },
    Rule {
        check: Check::SessionNotOnOrAfter,
        title: "The session at the identity provider has not ended",
        source: "SAML core 2.7.2",
        remedy: "Sign out of the identity provider and begin again; or give its sessions a longer life.",
        judge: Some(statement::session_lasts),
    },
    Rule {
        check: Check::SessionIndex,
        title: "The session at the identity provider has a name of at most 255 characters",
        source: "SAML core 2.7.2",
        remedy: "Let the identity provider send a shorter SessionIndex.",
        judge: Some(statement::session_is_named),
    },
    Rule {
        check: Check::NameId,
        title: "The person has a name that stays the same, of 1 to 255 characters",
        source: "SAML core 2.2.2, SAML core 8.3",
        remedy: "Let the identity provider send a persistent NameID or the e-mail address as the NameID, not encrypted by itself.",
        judge: Some(subject::is_named),
    },
    Rule {
        check: Check::Attributes,
        title: "Each attribute has a name",
        source: "SAML core 2.7.3.1",
        remedy: "Give each attribute that the identity provider sends a name.",
        judge: Some(statement::attributes_have_names),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_stands_in_the_table_once_with_its_words() {
        let last = TABLE.last().map(|rule| rule.check);
        assert_eq!(last, Some(Check::Attributes));
        assert_eq!(TABLE.len(), Check::Attributes as usize + 1);
        for (at, rule) in TABLE.iter().enumerate() {
            assert_eq!(rule.check as usize, at, "{:?} stands where another belongs", rule.check);
            assert!(!rule.title.ends_with('.') && rule.source.starts_with("SAML "), "{:?}", rule.check);
            assert!(rule.remedy.ends_with('.'), "{:?}", rule.check);
        }
    }
}
