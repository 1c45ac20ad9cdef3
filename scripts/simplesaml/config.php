<?php
// SimpleSAMLphp as the tests' identity provider; scripts/recipes/simplesaml gives its folder and address.
// Every other setting is the packaged default.
$dir = getenv('KEEPER_IDP_DIR');
$config = [
    'baseurlpath' => getenv('KEEPER_IDP_URL') . '/simplesaml/',
    'secretsalt' => getenv('KEEPER_IDP_SALT'),
    'enable.saml20-idp' => true,
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'certdir' => "$dir/keys/",
    'metadatadir' => __DIR__ . '/metadata/',
    'datadir' => "$dir/data/",
    'tempdir' => "$dir/data",
    'session.phpsession.savepath' => "$dir/data",
    // Plain http on loopback.
    'session.cookie.secure' => false,
    'session.cookie.samesite' => null,
    'language.cookie.secure' => false,
    'logging.handler' => 'errorlog',
    'logging.level' => SimpleSAML\Logger::INFO,
    'production' => true,
];
