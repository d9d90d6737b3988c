#include "curve.h"

uint16_t curve_permille(const struct curve_point *points, int16_t decicelsius) {
    if (decicelsius < points[0].celsius * 10) {
        return points[0].permille;
    }
    for (uint8_t i = 1; i < CONFIG_CURVE_POINTS; i++) {
        int16_t to = points[i].celsius * 10;
        if (decicelsius >= to) {
            continue; /* also past two points at one temperature, a step */
        }
        int16_t from = points[i - 1].celsius * 10;
        uint16_t rise = points[i].permille - points[i - 1].permille;
        return points[i - 1].permille +
               (uint16_t)((uint32_t)rise * (uint16_t)(decicelsius - from) / (uint16_t)(to - from));
    }
    return points[CONFIG_CURVE_POINTS - 1].permille;
}
