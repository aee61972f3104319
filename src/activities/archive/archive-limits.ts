/** Bytes of one file in an archive. */
export const maximumFile = 50 * 1024 * 1024;

/** Bytes of all files in an archive. */
export const maximumTotal = 100 * 1024 * 1024;

/** Files, folders and links in an archive. */
export const maximumEntries = 100_000;

/** Adds up what goes into or comes out of an archive; throws an Error that names what is too much. */
export function createTally(): (path: string, size: number) => void {
  let [total, count] = [0, 0];
  return (path, size) => {
    if (size > maximumFile)
      throw new Error(`file "${path}" has ${size} bytes: an archive takes ${maximumFile} a file`);
    total += size;
    if (total > maximumTotal) throw new Error(`the files have over ${maximumTotal} bytes in all`);
    count += 1;
    if (count > maximumEntries) throw new Error(`there are over ${maximumEntries} files and folders`);
  };
}
