<?php
// Whom the identity provider knows: every service provider whose metadata lies in the folder `sp`, read anew at each
// request. Words in the file's name say what it is sent: NAME.xml a signed response with a signed assertion,
// NAME.response.xml only the first, NAME.assertion.xml only the second, NAME.transient.xml a name that does not last,
// NAME.encrypted.xml an encrypted assertion, by NAME.closed.xml only where the request was signed, too. Messages of logout are
// signed, and believed if they are.
foreach (glob(getenv('KEEPER_IDP_DIR') . '/sp/*.xml') as $file) {
    $provider = SimpleSAML\Metadata\SAMLParser::parseFile($file)->getMetadata20SP();
    if ($provider === null) {
        continue;
    }
    $words = explode('.', basename($file));
    $provider['saml20.sign.response'] = !in_array('assertion', $words, true);
    $provider['saml20.sign.assertion'] = !in_array('response', $words, true);
    $provider['assertion.encryption'] = in_array('encrypted', $words, true) || in_array('closed', $words, true);
    $provider['validate.authnrequest'] = in_array('closed', $words, true);
    $provider['sign.logout'] = true;
    $provider['validate.logout'] = true;
    if (in_array('transient', $words, true)) {
        $provider['NameIDFormat'] = SAML2\Constants::NAMEID_TRANSIENT;
    }
    $metadata[$provider['entityid']] = $provider;
}
