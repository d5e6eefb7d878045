using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Embedded.Tests")]
[assembly: InternalsVisibleTo("AppAttach.FleetSimulator")]
[assembly: InternalsVisibleTo("AppAttach.FleetSimulator.Tests")]
[assembly: InternalsVisibleTo("AppAttach.Pipeline.Tests")]
[assembly: InternalsVisibleTo("AppAttach.ServiceBus.Tests")]
[assembly: InternalsVisibleTo("AppAttach.Web.Tests")]
