// MQTT.js behind a line protocol: one JSON command per line on standard input, one JSON event per line on standard output.
'use strict';

const readline = require('node:readline');
const mqtt = require('mqtt');

const emit = (event) => process.stdout.write(JSON.stringify(event) + '\n');
const decode = (text) => Buffer.from(text || '', 'base64');
let client;

// MQTT.js gives repeated names as arrays.
function pairs(properties) {
  return Object.entries(properties || {}).flatMap(([name, value]) => [].concat(value).map((one) => [name, one]));
}

function grouped(userProperties) {
  const result = {};
  for (const [name, value] of userProperties) {
    result[name] = name in result ? [].concat(result[name], value) : value;
  }
  return result;
}

function onMessage(topic, payload, packet) {
  const properties = packet.properties || {};
  emit({
    event: 'message',
    topic,
    payload: payload.toString('base64'),
    qos: packet.qos,
    retain: packet.retain,
    responseTopic: properties.responseTopic ?? null,
    correlationData: properties.correlationData ? properties.correlationData.toString('base64') : null,
    contentType: properties.contentType ?? null,
    userProperties: pairs(properties.userProperties),
  });
}

function connect(command) {
  const options = {
    host: '127.0.0.1',
    port: command.port,
    protocol: 'mqtt',
    protocolVersion: command.version,
    protocolId: command.version === 3 ? 'MQIsdp' : 'MQTT',
    clientId: command.clientId,
    clean: command.clean,
    keepalive: 60,
    reconnectPeriod: 0,
    resubscribe: false,
  };
  if (command.version === 5) {
    options.properties = { sessionExpiryInterval: command.expiry };
  }
  if (command.will) {
    options.will = {
      topic: command.will.topic,
      payload: decode(command.will.payload),
      qos: command.will.qos,
      retain: command.will.retain,
    };
  }
  client = mqtt.connect(options);
  client.on('connect', (packet) => emit({ event: 'connected', sessionPresent: Boolean(packet.sessionPresent), reason: 0 }));
  client.on('message', onMessage);
  client.on('close', () => emit({ event: 'closed' }));
  client.on('error', (error) => emit({ event: 'failed', error: String(error) }));
}

function subscribe(command) {
  client.subscribe(command.filter, { qos: command.qos }, (error, granted, packet) => {
    if (error) {
      emit({ event: 'failed', error: String(error) });
    } else {
      emit({ event: 'subscribed', codes: packet ? packet.granted : granted.map((one) => one.qos) });
    }
  });
}

function publish(command) {
  const options = { qos: command.qos, retain: command.retain };
  if (command.version === 5) {
    options.properties = {};
    // MQTT.js sends nothing at all when the object of user properties is empty.
    if (command.userProperties.length > 0) {
      options.properties.userProperties = grouped(command.userProperties);
    }
    if (command.responseTopic) {
      options.properties.responseTopic = command.responseTopic;
    }
    if (command.correlationData) {
      options.properties.correlationData = decode(command.correlationData);
    }
    if (command.contentType) {
      options.properties.contentType = command.contentType;
    }
  }
  client.publish(command.topic, decode(command.payload), options, (error) => {
    emit(error ? { event: 'failed', error: String(error) } : { event: 'published', complete: true });
  });
}

function disconnect() {
  client.end(false, {}, () => emit({ event: 'disconnected' }));
}

const commands = { connect, subscribe, publish, disconnect };
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
}).on('close', () => process.exit(0));
