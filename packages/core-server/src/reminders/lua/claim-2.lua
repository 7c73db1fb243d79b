-- Takes due reminders; while the claim lasts they are due for nobody.
-- KEYS 1 reminders (hash by name)  2 names by time
-- ARGV 1 now in ms  2 how long the claim lasts in ms  3 most reminders
-- Result the reminders as JSON
local names = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local rows = {}
for _, name in ipairs(names) do
  local row = redis.call('HGET', KEYS[1], name)
  if row then
    redis.call('ZADD', KEYS[2], ARGV[1] + ARGV[2], name)
    rows[#rows + 1] = row
  else
    redis.call('ZREM', KEYS[2], name)
  end
end
return rows
