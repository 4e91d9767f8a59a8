-- May these requests pass? KEYS: whose window each one counts in; the same one may come again.
-- ARGV: length of a window in ms, then the limit and the cost of each request.
-- Answers two numbers a request: units used (less than 0: refused, and -1 - used were used before),
-- and ms until the window ends. All by the clock of this server.
local window_ms = ARGV[1]
local told = {}
for place, key in ipairs(KEYS) do
    local limit, cost = tonumber(ARGV[2 * place]), tonumber(ARGV[2 * place + 1])
    local used = redis.call('INCRBY', key, cost)
    local ends_ms = redis.call('PTTL', key)
    if ends_ms < 0 then -- the first request of a window begins it
        redis.call('PEXPIRE', key, window_ms)
        ends_ms = tonumber(window_ms)
    end
    if used > limit then -- what is refused costs nothing
        used = -1 - redis.call('DECRBY', key, cost)
    end
    told[2 * place - 1], told[2 * place] = used, ends_ms
end
return told
