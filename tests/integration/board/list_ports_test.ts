/** Serial ports by what they are, on folders like those of the kernel and udev. */

import assert from "node:assert/strict";
import { findPort, listPorts, listPortsIn } from "../../../src/board/serial/list_ports.ts";
import { DeviceTree, type UsbPort } from "../../support/device_tree.ts";
import { failure } from "../../support/open_port.ts";

const UNO: UsbPort = {
  name: "ttyACM0",
  socket: "1-2",
  driver: "cdc_acm",
  attributes: {
    idVendor: "2341",
    idProduct: "0043",
    serial: "75830303934351F0D1A2",
    manufacturer: "Arduino (www.arduino.cc)",
  },
  byId: "usb-Arduino__www.arduino.cc__0043_75830303934351F0D1A2-if00",
};
const NANO: UsbPort = {
  name: "ttyUSB0",
  socket: "1-1.3",
  driver: "ch341-uart",
  attributes: { idVendor: "1a86", idProduct: "7523", product: "USB Serial" },
  byId: "usb-1a86_USB_Serial-if00-port0",
};
const OTHER_NANO: UsbPort = {
  name: "ttyUSB1",
  socket: "1-1.4",
  driver: "ch341-uart",
  attributes: NANO.attributes,
};

Deno.test("a port on USB is told with all that it says of itself", async () => {
  await using tree = await DeviceTree.make();
  await tree.plug(UNO);
  assert.deepEqual(await listPortsIn(tree), [{
    path: `${tree.dev}/ttyACM0`,
    identity: "usb-2341:0043:75830303934351F0D1A2",
    byId: `${tree.dev}/serial/by-id/${UNO.byId}`,
    byPath: `${tree.dev}/serial/by-path/pci-0000:00:14.0-usb-0:1-2:1.0`,
    usbVendorId: 0x2341,
    usbProductId: 0x0043,
    serialNumber: "75830303934351F0D1A2",
    manufacturer: "Arduino (www.arduino.cc)",
    product: null,
    driver: "cdc_acm",
  }]);
});

Deno.test("of two of a kind without numbers, each is named after its socket", async () => {
  await using tree = await DeviceTree.make();
  await tree.plug(NANO);
  assert.deepEqual((await listPortsIn(tree)).map(({ identity, driver }) => [identity, driver]), [
    ["usb-1a86:7523", "ch341-uart"],
  ]);
  await tree.plug(OTHER_NANO);
  const ports = await listPortsIn(tree);
  assert.deepEqual(ports.map(({ identity, byPath }) => identity === byPath), [true, true]);
  await assert.rejects(
    findPort("usb-1a86:7523", () => Promise.resolve(ports)),
    failure(
      "absent",
      /: 2 ports are: .*ttyUSB0 \(.*1-1\.3.*\), .*ttyUSB1 \(.*1-1\.4.*\); name one/,
    ),
  );
});

Deno.test("a device is found again in another socket, under another name", async () => {
  await using tree = await DeviceTree.make();
  const list = () => listPortsIn(tree);
  await tree.plug(UNO);
  await tree.plug(NANO);
  const identity = "usb-2341:0043:75830303934351F0D1A2";
  assert.equal(await findPort(identity, list), `${tree.dev}/ttyACM0`);
  await tree.unplug(UNO);
  await assert.rejects(
    findPort(identity, list),
    failure(
      "absent",
      /^Cannot find the serial port "usb-2341.*": usb-1a86:7523 is on USB; plug it/,
    ),
  );
  await tree.plug({ ...UNO, name: "ttyACM7", socket: "3-4.1" });
  assert.equal(await findPort(identity, list), `${tree.dev}/ttyACM7`);
  assert.equal(await findPort("usb-2341:0043", list), `${tree.dev}/ttyACM7`);
  assert.equal(
    await findPort(identity.toUpperCase().replace("USB", "usb"), list),
    `${tree.dev}/ttyACM7`,
  );
  await assert.rejects(findPort("usb-2341:0043:1", list), failure("absent"));
});

Deno.test("a built-in port is listed when it is there, a terminal without hardware never", async () => {
  await using tree = await DeviceTree.make();
  await tree.terminal("tty1");
  await tree.builtIn("ttyS0", "4");
  await tree.builtIn("ttyS1", "0");
  const [port, ...others] = await listPortsIn(tree);
  assert.deepEqual(others, []);
  assert.equal(port?.path, `${tree.dev}/ttyS0`);
  assert.equal(port?.identity, port?.path);
  assert.equal(port?.driver, "serial");
  assert.equal(port?.usbVendorId, null);
});

Deno.test("a machine without terminals has no ports", async () => {
  await using tree = await DeviceTree.make();
  assert.deepEqual(await listPortsIn(tree), []);
  await assert.rejects(
    findPort("usb-2341:0043", () => Promise.resolve([])),
    failure("absent", /: nothing is on USB; plug it in$/),
  );
});

Deno.test("listPorts tells this machine's ports, sorted by path", async () => {
  const paths = (await listPorts()).map(({ path }) => path);
  assert.deepEqual(paths, paths.toSorted());
  for (const path of paths) assert.match(path, /^\/dev\//);
});

Deno.test("a path is what it is", async () => {
  const never = () => Promise.reject(new Error("nobody may look"));
  assert.equal(await findPort("/dev/ttyUSB0", never), "/dev/ttyUSB0");
});
