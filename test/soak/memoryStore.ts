/**
 * Keeps the downloads in memory; import this before n8n's engine. A disk takes real time of which the virtual clock knows
 * nothing, and then the same seed would not give the same run.
 */
process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'default';
