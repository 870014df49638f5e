"""OpenStack Swift with its S3 API in one process, for tests: proxy, account, container and (in memory) object server.

usage: swift-server.py FOLDER ACCESS_KEY SECRET_KEY
Prints `READY <port>` when it answers; ends with its standard input.
"""
import eventlet

eventlet.patcher.monkey_patch(os=False, thread=False)

import os
import sys

from eventlet import wsgi
from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.utils import NullLogger
from swift.common.wsgi import loadapp

folder, access_key, secret_key = sys.argv[1:4]
utils.HASH_PATH_SUFFIX = b"teatree-test"
utils.validate_hash_conf = lambda: None

BACKEND = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
[pipeline:main]
pipeline = server
[app:server]
use = egg:swift#{app}
allow_versions = true
"""

PROXY = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
node_timeout = 20
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
force_swift_request_proxy_log = false
check_bucket_owner = false
allow_multipart_uploads = true
min_segment_size = 5242880
# Small pages, so that a short listing takes several.
max_bucket_listing = 5
[filter:tempauth]
use = egg:swift#tempauth
set user_{account}_{user} = {secret} .admin
[filter:slo]
use = egg:swift#slo
rate_limit_segments_per_sec = 1000
"""


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def listen():
    return eventlet.listen(("127.0.0.1", 0))


def serve(sock, app):
    eventlet.spawn(wsgi.server, sock, app, NullLogger(), max_size=256, keepalive=False)


os.makedirs(os.path.join(folder, "devices", "d1"), exist_ok=True)
sockets = {name: listen() for name in ("account", "container", "object")}
for name, sock in sockets.items():
    builder = RingBuilder(2, 1, 1)
    builder.add_dev({"region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1", "device": "d1", "port": sock.getsockname()[1]})
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, name + ".ring.gz"))

for name, sock in sockets.items():
    app = "mem_object" if name == "object" else name
    serve(sock, loadapp(write(name + ".conf", BACKEND.format(folder=folder, app=app))))

account, user = access_key.split(":")
proxy = listen()
serve(proxy, loadapp(write("proxy.conf", PROXY.format(folder=folder, account=account, user=user, secret=secret_key))))
print("READY", proxy.getsockname()[1], flush=True)

from eventlet.green import select

select.select([sys.stdin], [], [])
while os.read(0, 4096):
    select.select([sys.stdin], [], [])
