<?php
// Four people: one for each role, and one whose group no role belongs to.
$config = [
    'people' => ['exampleauth:UserPass'],
];
foreach (['admin' => 'admins', 'manager' => 'managers', 'user' => 'users', 'outsider' => null] as $name => $group) {
    $config['people']["$name:" . getenv('KEEPER_IDP_PASSWORD')] = [
        'uid' => $name,
        'email' => "$name@example.org",
        'displayName' => ucfirst($name) . ' of the Directory',
        'groups' => ['everybody', $group === null ? 'canteen' : "keeper-$group"],
    ];
}
