# path.ps1 add|remove FOLDER: takes a folder into this person's PATH, or out of it. What else is there stays as it is,
# also %NAMES% in it, which the usual call would replace.
param([ValidateSet('add', 'remove')][string]$How, [string]$Folder)

$key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $true)
$path = [string]$key.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
$others = @($path -split ';' | Where-Object { $_ -and ($_.TrimEnd('\') -ne $Folder.TrimEnd('\')) })
$wanted = if ($How -eq 'add') { $others + $Folder } else { $others }
$key.SetValue('Path', ($wanted -join ';'), 'ExpandString')
$key.Close()
