/** The version of the engine, as results carry it. A test holds it equal to the package's. */
export const engineVersion = '0.1.0';
