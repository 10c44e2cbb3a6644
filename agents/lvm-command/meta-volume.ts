/**
 * A volume of one extent in every volume group: its device tells that the group is active even where there is no LUN
 * yet, and it is where metadata that belongs to the pool can live.
 */
export const metaVolume = 'keelson_meta';
