-- The round trip alone: what any call costs before it does something.
select 1;
