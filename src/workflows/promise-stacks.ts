// The SDK notes where every promise was made, for a query that nobody asks of an interpreter: where a promotion is, its
// status says. That took a third of a workflow thread's time. Heard only before the SDK freezes Error, so this module is
// one of those that are preloaded.
Reflect.set(Error, 'stackTraceLimit', 0);
