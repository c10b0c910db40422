/**
 * A Worker that does not start.
 *
 * @module
 */
throw new Error("this Worker was not meant to start");
