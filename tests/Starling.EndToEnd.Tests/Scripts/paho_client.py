"""Paho for Python behind a line protocol: one JSON command per line on standard input, one JSON event per line on standard output."""

import base64
import json
import os
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

WAIT_SECONDS = 50
output_lock = threading.Lock()


def emit(**event):
    with output_lock:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


def decode(text):
    return base64.b64decode(text or "")


class Driver:
    def __init__(self):
        self.client = None
        self.connected = threading.Event()
        self.subscribed = threading.Event()
        self.disconnected = threading.Event()
        self.codes = []
        self.session_present = False
        self.reason = 0

    def on_connect(self, client, userdata, flags, reason, properties=None):
        self.reason = getattr(reason, "value", reason)
        self.session_present = bool(flags["session present"])
        self.connected.set()

    def on_subscribe(self, client, userdata, mid, granted, properties=None):
        self.codes = [getattr(code, "value", code) for code in granted]
        self.subscribed.set()

    def on_disconnect(self, client, userdata, reason, properties=None):
        self.disconnected.set()
        emit(event="closed", reason=getattr(reason, "value", reason))

    def on_message(self, client, userdata, message):
        properties = getattr(message, "properties", None)
        data = getattr(properties, "CorrelationData", None)
        emit(
            event="message",
            topic=message.topic,
            payload=base64.b64encode(message.payload).decode(),
            qos=message.qos,
            retain=bool(message.retain),
            responseTopic=getattr(properties, "ResponseTopic", None),
            correlationData=base64.b64encode(data).decode() if data is not None else None,
            contentType=getattr(properties, "ContentType", None),
            userProperties=[list(pair) for pair in getattr(properties, "UserProperty", [])],
        )

    def connect(self, command):
        version = command["version"]
        if version == 5:
            self.client = mqtt.Client(command["clientId"], protocol=mqtt.MQTTv5)
        else:
            protocol = mqtt.MQTTv31 if version == 3 else mqtt.MQTTv311
            self.client = mqtt.Client(command["clientId"], clean_session=command["clean"], protocol=protocol)
        self.client.max_queued_messages_set(0)
        self.client.on_connect = self.on_connect
        self.client.on_subscribe = self.on_subscribe
        self.client.on_disconnect = self.on_disconnect
        self.client.on_message = self.on_message
        will = command.get("will")
        if will:
            self.client.will_set(will["topic"], decode(will["payload"]), will["qos"], will["retain"])
        if version == 5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = command["expiry"]
            self.client.connect("127.0.0.1", command["port"], 60, clean_start=command["clean"], properties=properties)
        else:
            self.client.connect("127.0.0.1", command["port"], 60)
        self.client.loop_start()
        self.wait(self.connected, "CONNACK")
        emit(event="connected", sessionPresent=self.session_present, reason=self.reason)

    def subscribe(self, command):
        self.subscribed.clear()
        self.client.subscribe(command["filter"], command["qos"])
        self.wait(self.subscribed, "SUBACK")
        emit(event="subscribed", codes=self.codes)

    def publish(self, command):
        properties = None
        if command["version"] == 5:
            properties = Properties(PacketTypes.PUBLISH)
            if command.get("responseTopic"):
                properties.ResponseTopic = command["responseTopic"]
            if command.get("correlationData"):
                properties.CorrelationData = decode(command["correlationData"])
            if command.get("contentType"):
                properties.ContentType = command["contentType"]
            for name, value in command.get("userProperties") or []:
                properties.UserProperty = (name, value)
        info = self.client.publish(command["topic"], decode(command["payload"]), command["qos"], command["retain"], properties)
        info.wait_for_publish(WAIT_SECONDS)
        emit(event="published", complete=info.is_published())

    def disconnect(self, command):
        self.client.disconnect()
        self.wait(self.disconnected, "the end of the connection")
        self.client.loop_stop()
        emit(event="disconnected")

    @staticmethod
    def wait(event, what):
        if not event.wait(WAIT_SECONDS):
            emit(event="failed", error="no " + what)
            os._exit(1)


def main():
    driver = Driver()
    commands = {
        "connect": driver.connect,
        "subscribe": driver.subscribe,
        "publish": driver.publish,
        "disconnect": driver.disconnect,
    }
    for line in sys.stdin:
        command = json.loads(line)
        try:
            commands[command["do"]](command)
        except Exception as error:  # the test shows it
            emit(event="failed", error=repr(error))


main()
