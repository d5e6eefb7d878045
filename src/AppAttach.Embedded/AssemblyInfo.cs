using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Embedded.Tests")]
