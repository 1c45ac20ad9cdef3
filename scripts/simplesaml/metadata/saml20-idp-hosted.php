<?php
// The identity provider itself. Its name stays when its port is another one, so that accounts stay whose they are;
// the name of a person is the `uid`, and lasts too.
$metadata['https://directory.example.org/idp'] = [
    'host' => '__DEFAULT__',
    'auth' => 'people',
    'privatekey' => 'idp.key',
    'certificate' => 'idp.crt',
    'NameIDFormat' => 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    'simplesaml.nameidattribute' => 'uid',
];
