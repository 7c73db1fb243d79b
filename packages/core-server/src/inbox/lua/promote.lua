-- serve(ticket, holder, queue, claim, wake): gives the free ticket to the first who waits and wakes its process.
local function serve(ticket, holder, queue, claim, wake)
  local id = redis.call('LPOP', queue)
  if not id then
    redis.call('DEL', ticket, holder)
    return false
  end
  redis.call('SET', ticket, id, 'PX', claim)
  redis.call('SET', holder, id, 'PX', 86400000)
  redis.call('PUBLISH', wake .. string.match(id, '^[^/]+'), id)
  return id
end

-- sameProcess(left, right): whether two ids are tickets of one process.
local function sameProcess(left, right)
  return string.match(left, '^[^/]+/') == string.match(right, '^[^/]+/')
end

-- promote(ticket, holder, queue, claim, wake, caller): serves the next where nobody has the ticket any more.
-- A holder that is still noted has not released: its lease ran out, its process is gone or stands still, and what else
-- waits for that process would only hold up the others. Not so where the caller is that very process: it is alive.
local function promote(ticket, holder, queue, claim, wake, caller)
  local last = redis.call('GET', holder)
  if last and not (caller and sameProcess(last, caller)) then
    for _, waiting in ipairs(redis.call('LRANGE', queue, 0, -1)) do
      if sameProcess(waiting, last) then redis.call('LREM', queue, 1, waiting) end
    end
  end
  return serve(ticket, holder, queue, claim, wake)
end
