/**
 * What `nvidia-smi --query-gpu=index,uuid,pci.bus_id,name,temperature.gpu,… --format=csv,noheader,
 * nounits` prints on machines of several kinds, and how it fails.
 *
 * @module
 */

/** Cards that differ in what they tell. */
export const WORKSTATION = `\
0, GPU-e18afb8d-1627-f8ff-2ba3-c05c5a8e9e67, 00000000:09:00.0, NVIDIA GeForce RTX 2060, 36, N/A
1, GPU-6f1a2b3c-aaaa-bbbb-cccc-0123456789ab, 00000000:0A:00.0, NVIDIA RTX A4000, 51, [N/A]
`;

/** Cards of a computing centre, whose memory tells as well. */
export const CLUSTER = `\
0, GPU-3a1f0000-1111-2222-3333-444444444444, 00000000:5D:00.0, NVIDIA H200, 56, 62
1, GPU-9c720000-1111-2222-3333-444444444444, 00000000:9B:00.0, NVIDIA H200, 60, 71
2, GPU-0e510000-1111-2222-3333-444444444444, 00010000:3D:00.0, Tesla V100-SXM2, 16 GB, 35, 33
`;

/** One of two cards has fallen off the bus. */
export const HALF_LOST = `\
0, GPU-e18afb8d-1627-f8ff-2ba3-c05c5a8e9e67, 00000000:09:00.0, NVIDIA GeForce RTX 2060, 36, 36
1, [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost]
`;

/** How it fails, and with which status. */
export const FAILURES: readonly (readonly [what: string, code: number, stdout: string])[] = [
  [
    "the driver is not loaded",
    9,
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure " +
    "that the latest NVIDIA driver is installed and running.\n\n",
  ],
  ["there is no card", 6, "No devices were found\n"],
  [
    "a card is lost",
    15,
    "Unable to determine the device handle for GPU0000:0A:00.0: GPU is lost.  Reboot the system " +
    "to recover this GPU\n",
  ],
  [
    "the driver is older than the question",
    2,
    'Field "temperature.memory" is not a valid field to query.\n\n',
  ],
];
