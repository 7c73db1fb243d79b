-- Drops a reminder.
-- KEYS 1 reminders (hash by name)  2 names by time
-- ARGV 1 name  2 its key, empty for whichever has the name
-- Result 1 dropped; 0 it was not there
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then return 0 end
if ARGV[2] ~= '' and cjson.decode(row).key ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
