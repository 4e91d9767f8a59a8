-- May these requests pass? KEYS: whose window each one counts in; the same one may come again.
-- ARGV: length of a window in ms, then the limit and the cost of each request.
-- Answers two numbers a request: units used (less than 0: refused, and -1 - used were used before),
-- and ms until the window ends. All by the clock of this server.
local call, window_ms, told, place = redis.call, ARGV[1], {}, 2
for number = 1, #KEYS do
    local key, cost = KEYS[number], ARGV[place + 1]
    local used, ends_ms = call('INCRBY', key, cost), call('PTTL', key)
    if ends_ms < 0 then -- the first request of a window begins it
        call('PEXPIRE', key, window_ms)
        ends_ms = tonumber(window_ms)
    end
    if used > tonumber(ARGV[place]) then -- what is refused costs nothing
        used = -1 - call('DECRBY', key, cost)
    end
    told[place - 1], told[place] = used, ends_ms
    place = place + 2
end
return told
