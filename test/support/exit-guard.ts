/** Loaded by mocha's configuration: a run that cannot end by itself says what holds it, and fails. */
export const mochaHooks = {
  afterAll(): void {
    setTimeout(() => {
      console.error(`Something keeps the tests from ending: ${process.getActiveResourcesInfo().join(', ')}`);
      // Mocha sets the code it counted when the process exits; ours comes after.
      process.on('exit', () => {
        process.exitCode = 1;
      });
      process.exit();
    }, patience).unref();
  },
};

/** Milliseconds after the last test. */
const patience = 20_000;
