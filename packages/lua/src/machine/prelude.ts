/**
 * What functions find ready in Lua besides the objects of the host: logging, copies of lists and maps, and the operations on
 * streams. A function over a stream only notes its operations; those up to the first `reduce` are carried out by the server, that
 * and the rest by the client.
 */
export const PRELUDE = `
List, Map, Bytes = getmetatable(list()), getmetatable(map()), getmetatable(bytes())

local function logger(level)
  return function(text, ...) return aerospike:log(level, string.format(text, ...)) end
end
-- This takes the place of Lua's library of that name, as it does on the server.
warn, info, debug, trace = logger(1), logger(2), logger(3), logger(4)

function list.clone(from)
  local copy = list()
  for value in list.iterator(from) do list.append(copy, value) end
  return copy
end

function list.merge(first, second)
  local all = list.clone(first)
  for value in list.iterator(second) do list.append(all, value) end
  return all
end

function map.clone(from)
  local copy = map()
  for key, value in map.pairs(from) do copy[key] = value end
  return copy
end

function map.merge(first, second, combine)
  local all = map.clone(first)
  for key, value in map.pairs(second) do
    if all[key] and type(combine) == 'function' then value = combine(first[key], value) or value end
    all[key] = value
  end
  return all
end

function map.diff(first, second)
  local different = map()
  for key, value in map.pairs(first) do if not second[key] then different[key] = value end end
  for key, value in map.pairs(second) do if not first[key] then different[key] = value end end
  return different
end

function math.sum(a, b) return a + b end
function math.product(a, b) return a * b end

-- An aggregate that is a number is handed on when it has grown to this.
local LARGEST_NUMBER = 1000

local function copy_of(value)
  local kind = getmetatable(value)
  if type(value) == 'table' then
    local copy = {}
    for key, held in pairs(value) do copy[key] = held end
    return copy
  end
  if type(value) ~= 'userdata' then return value end
  if kind == Map then return map.clone(value) end
  if kind == List then return list.clone(value) end
end

-- Each takes a function that gives the next value, and gives such a function.
local carry_out = {}

function carry_out.filter(next, accepts)
  return function()
    for value in next do if accepts(value) then return value end end
  end
end

function carry_out.map(next, change)
  return function()
    local value = next()
    if value ~= nil then return change(value) end
  end
end

local function once(give)
  local is_done = false
  return function()
    if is_done then return nil end
    local value, is_more = give()
    is_done = not is_more
    return value
  end
end

function carry_out.reduce(next, combine)
  return once(function()
    local result = next()
    if result ~= nil then for value in next do result = combine(result, value) end end
    return result
  end)
end

function carry_out.aggregate(next, initial, add)
  return once(function()
    local result = copy_of(initial)
    for value in next do
      result = add(result, value)
      if type(result) == 'number' and result >= LARGEST_NUMBER then return result, true end
    end
    return result
  end)
end

local Operations = {}
Operations.__index = Operations

for name in pairs(carry_out) do
  Operations[name] = function(self, ...)
    table.insert(self, { name = name, parameters = table.pack(...) })
    return self
  end
end

function Operations:groupby(key_of)
  local function add(groups, value)
    local key = key_of and key_of(value)
    local group = groups[key] or list()
    list.append(group, value)
    groups[key] = group
    return groups
  end
  return self:aggregate(map(), add):reduce(function(a, b) return map.merge(a, b, list.merge) end)
end

local function run(operations, first, last, source, target)
  local values = function() return stream.read(source) end
  for place = first, last do
    local operation = operations[place]
    values = carry_out[operation.name](values, table.unpack(operation.parameters, 1, operation.parameters.n))
  end
  for value in values do stream.write(target, value) end
end

-- What f does to a stream, and at which place it first reduces.
local function noted(f, ...)
  if f == nil then error('function not found', 0) end
  local operations = f(setmetatable({}, Operations), ...)
  for place, operation in ipairs(operations) do
    if operation.name == 'reduce' then return operations, place end
  end
  return operations, nil
end

-- The server's part: up to the first reduce and with it.
function apply_stream(f, source, target, ...)
  local operations, reduce = noted(f, ...)
  run(operations, 1, reduce or #operations, source, target)
end

-- The client's part: from the first reduce on and with it.
function finish_stream(f, source, target, ...)
  local operations, reduce = noted(f, ...)
  run(operations, reduce or #operations + 1, #operations, source, target)
end
`
