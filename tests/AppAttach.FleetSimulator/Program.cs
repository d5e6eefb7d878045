using AppAttach.FleetSimulator.Running;

return await (args switch
{
    ["seeds", .. var rest] => SeedsCommand.RunAsync(rest),
    ["scale", .. var sizes] when sizes.Length > 0 => ScaleCommand.RunAsync(sizes),
    ["host", var folder, var url, var clock] => ServeCommand.RunAsync(folder, url, clock),
    _ => UsageAsync(),
});

static async Task<int> UsageAsync()
{
    await Console.Error.WriteLineAsync("""
        seeds [FROM COUNT]      fleets with faults, each from its seed: does everything hold in the end?
        scale HOSTS...          a rollout to so many hosts: how long, and what it costs
        host FOLDER URL CLOCK   one embedded host, for tests that kill it
        """);
    return 2;
}
