/** The version of this software, as in package.json; a unit test keeps the two the same. */
export const version = '0.1.0';
