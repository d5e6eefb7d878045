using AppAttach.FleetSimulator.Running;

return await (args switch
{
    ["seeds", .. var rest] => SeedsCommand.RunAsync(rest),
    ["host", var folder, var url, var clock] => ServeCommand.RunAsync(folder, url, clock),
    _ => UsageAsync(),
});

static async Task<int> UsageAsync()
{
    await Console.Error.WriteLineAsync("""
        seeds [FROM COUNT]      fleets with faults, each from its seed: does everything hold in the end?
        host FOLDER URL CLOCK   one embedded host, for tests that kill it
        """);
    return 2;
}
