/**
 * Listings of ipmitool from controllers of several makers, in each form that its manual has.
 *
 * @module
 */

/** `ipmitool sdr` */
export const SDR = `\
CPU1 Status      | 0x00              | ok
CPU1 Temp        | 42 degrees C      | ok
CPU2 Temp        | 57 degrees C      | ok
P1M1 DIMMAB Tmp  | no reading        | ns
Planar Temp      | disabled          | ns
PSU Inlet Temp   | 31 degrees C      | nc
CPU Margin       | -56 degrees C     | ok
3.3V Standby     | 3.23 Volts        | ok
FAN1             | 1400 RPM          | ok
ROMB Battery     | Not Readable      | ns
`;

/** `ipmitool sdr elist`, and `sdr type Temperature`, with sensors of one name. */
export const ELIST = `\
Temp             | 01h | ok  |  3.1 | 50 degrees C
Temp             | 02h | ok  |  3.2 | 54 degrees C
Inlet Temp       | 05h | ok  |  7.1 | 31 degrees C
GPU1 Temp        | 89h | ns  |  7.1 | Disabled
P1-DIMMA2 Temp   | B1h | ns  | 32.65 | No Reading
Exhaust Temp     | 06h | unc |  7.1 | 40.500 degrees C
CPU Therm Trip   | 0Dh | ok  |  7.1 | Limit Not Exceeded
FAN3             | 43h | cr  | 29.3 | 300 RPM
Chassis Intru    | AAh | ok  | 23.1 |
`;

/** `ipmitool -c sdr`, of version 1.8.19. */
export const CSV = `\
CPU Temp,29,degrees C,ok
System Temp,23.500,degrees C,ok
FAN1,4800,RPM,ok
FAN4,,,ns
DIMMB1 Temp,,,ns
VBMC 1.2V,1.227,Volts,nc
Chassis Intru,AAh,ok,23.1,
PS2 Status,c9h,cr,10.2,Presence detected, Failure detected
`;

/** `ipmitool -c -v sdr elist`, with the entity behind the status. */
export const CSV_VERBOSE = `\
Ambient Temp,24,degrees C,ok,1.1,System Board,Temperature,25.000,,,,47.000,43.000,,,,0.000,255.000
CPU Temp,47,degrees C,ok,3.1,Processor,Temperature,,,,,,,,,,,
`;
