-- Puts a reminder off, if it is still the one of this key.
-- KEYS 1 reminders (hash by name)  2 names by time
-- ARGV 1 name  2 its key  3 when it is due again, in ms  4 what it is from now on as JSON, empty to leave it
-- Result 1 put off; 0 it is not there any more
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row or cjson.decode(row).key ~= ARGV[2] then return 0 end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], ARGV[1], ARGV[4]) end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
