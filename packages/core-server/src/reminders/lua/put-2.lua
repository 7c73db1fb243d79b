-- Keeps a reminder in place of what has its name.
-- KEYS 1 reminders (hash by name)  2 names by time
-- ARGV 1 name  2 reminder as JSON  3 when it is due, in ms
-- Result 1
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
