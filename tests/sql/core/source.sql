select plan(3);

select is(core.source_text('192.0.2.7'), '192.0.2.7/32', 'an IPv4 address is a source');
select is(
    core.source_text('2001:db8:0:7:ffff::1'), core.source_text('2001:db8:0:7::2'),
    'two addresses of one /64 are one source'
);
select is(core.source_text(null), null::text, 'no address, no source');

select * from finish();
