select plan(2);

select ok(
    array['caller_id', 'client_ip', 'if_match', 'password_ok', 'server_key']
        <@ core.route_reserved(),
    'who asks, from where and with what proof is never read from the wire'
);
select ok(
    not 'user_id' = any (core.route_reserved()),
    'the owner stands in the path'
);

select * from finish();
